/**
 * Shared, because n8n's node search merges a node with its trigger and shows the trigger's description.
 */
export const nodeDescription = "Generate images, video, audio, 3D models and text with Scenario"
