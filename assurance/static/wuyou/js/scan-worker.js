// Reads codes in pictures of the camera. WebAssembly is allowed here and on no page: a worker has the policy of its own file.
self.onmessage = async ({ data }) => {
  if (data.script) {
    self.importScripts(data.script);
    await self.ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => data.wasm }, fireImmediately: true });
    self.postMessage({ text: "" });
    return;
  }
  const found = await self.ZXingWASM.readBarcodes(data.image, {
    formats: ["EANUPC", "Code128", "Code39", "ITF14", "DataBar", "QRCode", "DataMatrix"],
    textMode: "Plain",
    maxNumberOfSymbols: 1,
  });
  self.postMessage({ text: found[0]?.text ?? "" });
};
