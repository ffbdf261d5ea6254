export default async function globalTeardown() {
  await globalThis.serikTestEngine?.stop();
}
