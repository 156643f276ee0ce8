/**
 * What n8n's node search shows. It merges a node with its trigger into one entry, with the trigger's description: both have
 * the same one.
 */
export const nodeDescription = "Generate images, video, audio, 3D models and text with Scenario"
