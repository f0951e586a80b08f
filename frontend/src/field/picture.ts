// Photos are made small on the telephone: at most 1,600 points along the longer side, JPEG. Drawn anew, they lose
// what the camera wrote into them (EXIF: place, time, serial number).
const LONGEST = 1_600;
const QUALITY = 0.8;

export async function small(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d", { alpha: false });
    if (!pen) throw new Error("no canvas");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise<Blob | null>((told) => canvas.toBlob(told, "image/jpeg", QUALITY));
    if (!made) throw new Error("no picture");
    return made;
  } finally {
    picture.close();
  }
}
