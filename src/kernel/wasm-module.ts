/** A compiled module of WebAssembly, `WebAssembly.Module`, under a name that programs without the types of the DOM know. */
export type WasmModule = object;
