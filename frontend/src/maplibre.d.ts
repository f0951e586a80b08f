// The CSP build has the types of the usual one; the worker is only an address.
declare module "maplibre-gl/dist/maplibre-gl-csp" {
  import maplibregl from "maplibre-gl";
  export default maplibregl;
}
declare module "maplibre-gl/dist/maplibre-gl-csp-worker?url" {
  const address: string;
  export default address;
}
