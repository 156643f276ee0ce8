export const sampleRows = 3
