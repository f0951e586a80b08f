// What lies on the telephone is sealed: AES-GCM with a key made from a secret that the server hands to a signed-in
// session, which cannot be read out again (non-extractable). Without the key nobody reads it, we neither.
export interface Sealed {
  iv: Uint8Array;
  data: ArrayBuffer;
}

export async function derive(secret: string, salt: Uint8Array): Promise<CryptoKey> {
  const raw = Uint8Array.from(atob(secret), (sign) => sign.charCodeAt(0));
  const base = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: salt as BufferSource, info: new TextEncoder().encode("shanzhi field") };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function sealBytes(key: CryptoKey, bytes: BufferSource): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

export function openBytes(key: CryptoKey, { iv, data }: Sealed): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: iv as BufferSource }, key, data);
}

export function seal(key: CryptoKey, value: unknown): Promise<Sealed> {
  return sealBytes(key, new TextEncoder().encode(JSON.stringify(value)));
}

export async function open<T>(key: CryptoKey, sealed: Sealed): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await openBytes(key, sealed))) as T;
}
