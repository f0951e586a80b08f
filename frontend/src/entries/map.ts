// Maps: MapLibre GL with a style of our own; it draws only what this installation serves.
import "maplibre-gl/dist/maplibre-gl.css";
import maplibregl from "maplibre-gl";

export { maplibregl };
