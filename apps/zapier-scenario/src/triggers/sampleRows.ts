/** The editor shows three samples. */
export const sampleRows = 3
