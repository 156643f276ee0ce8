/** Rows that the editor shows when it loads a sample. */
export const sampleRows = 3
