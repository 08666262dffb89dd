export interface TrustLintFlags { store?: string }
export async function lintTrust(_files: readonly string[], _flags: TrustLintFlags): Promise<number> { return 0; }
