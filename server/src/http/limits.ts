// Owns every bound on what one request may ask of the server.

export const limits = {
  bodyBytesMax: 1024 * 1024,
  jsonDepthMax: 32,
  jsonArrayLengthMax: 1_000,
  idempotencyKeyLengthMax: 255,
  pathParamLengthMax: 200,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 72_000,
  retryAfterSeconds: 1,
} as const
