export type { Gallery, GalleryAsset, GalleryEntry, GalleryRequests } from "./Gallery.ts"
export { renderGallery } from "./renderGallery.ts"
