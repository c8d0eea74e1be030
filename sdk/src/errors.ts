// Owns the errors that a call can resolve to.

/**
 * What every error of this package is. Tell them apart with `instanceof`: {@link ApiError},
 * {@link NetworkError} ({@link TimeoutError} is one), {@link AbortError}, {@link ParseError},
 * {@link ArgumentError}. A walk over a list whose pages repeat themselves throws this class itself.
 *
 * A message never holds a secret or a value that you sent, except where the server itself
 * repeats such a value in its explanation.
 */
export class ClienteleError extends Error {
  override name = 'ClienteleError'
}

/** What an answer says about one field. */
export interface Issue {
  /** As `param`: `accountNumber`, `metadata.cuit`. */
  readonly param: string
  readonly message: string
}

/** The server answered, and refused: the status is not 2xx. */
export class ApiError extends ClienteleError {
  override name = 'ApiError'
  /** The HTTP status, such as 404. */
  readonly status: number
  /** The parsed JSON body; its text where it is not JSON, as a gateway's error page. */
  readonly body: unknown
  readonly headers: Headers
  /**
   * What went wrong, for code to branch on: a `PayoutsErrorCode`, `Platform.PlatformErrorCode`, ….
   * Absent when something in front of the server answered, and from the orchestration surface,
   * whose answers have no codes: branch on `status` and `param` there.
   */
  readonly code: string | undefined
  /** The field that breaks a rule: `accountNumber`, `metadata.cuit`. */
  readonly param: string | undefined
  /** Every field that the answer names; at 412, each one that has changed since. */
  readonly issues: readonly Issue[]
  /** Names this request in the server's log; give it to whoever runs the server. */
  readonly requestId: string | undefined

  constructor(status: number, body: unknown, headers: Headers) {
    // `{error: {code, message}}` with the field in `param` or in `details`, a list that calls it
    // `path` or `field`; and `{msg, errors: [{field, message}]}`.
    const details = member(body, 'error')
    // A problem (RFC 9457): `{code, title, detail, request_id, errors: [{pointer, detail}]}`.
    const said =
      textMember(details, 'message') ?? textMember(body, 'msg') ?? textMember(body, 'detail')
    super(said ?? `The server answered ${status} without an explanation.`)
    this.status = status
    this.body = body
    this.headers = headers
    this.code = textMember(details, 'code') ?? textMember(body, 'code')
    this.issues = readIssues(member(details, 'details') ?? member(body, 'errors'))
    this.param = textMember(details, 'param') ?? this.issues[0]?.param
    const requestId = headers.get('request-id') ?? headers.get('x-request-id')
    this.requestId = requestId ?? textMember(details, 'requestId') ?? textMember(body, 'request_id')
  }
}

/** No answer arrived: the server could not be reached, or the connection broke. */
export class NetworkError extends ClienteleError {
  override name = 'NetworkError'
}

/** No whole answer arrived within the `timeoutMs` of one attempt. */
export class TimeoutError extends NetworkError {
  override name = 'TimeoutError'
}

/** Your signal was aborted. `cause` is the signal's reason. A write may still have happened. */
export class AbortError extends ClienteleError {
  override name = 'AbortError'

  constructor(reason?: unknown) {
    super('The call was aborted by its signal.', { cause: reason })
  }
}

/** The server said yes, but its body is not what this call returns. A write has happened. */
export class ParseError extends ClienteleError {
  override name = 'ParseError'
  /** The HTTP status, 2xx. */
  readonly status: number
  /** The text of the body. */
  readonly body: string
  readonly headers: Headers
  /** Names this request in the server's log. */
  readonly requestId: string | undefined

  constructor(status: number, body: string, headers: Headers) {
    super(`The server answered ${status} with a body that this call does not expect.`)
    this.status = status
    this.body = body
    this.headers = headers
    this.requestId = headers.get('request-id') ?? undefined
  }
}

/** An argument of the call, or an option of its client, cannot be used. Nothing was sent. */
export class ArgumentError extends ClienteleError {
  override name = 'ArgumentError'
  /** The argument: `baseUrl`, `customerId`, `options.signal`. */
  readonly param: string

  constructor(param: string, rule: string, options?: ErrorOptions) {
    super(`${param} ${rule}.`, options)
    this.param = param
  }
}

function readIssues(errors: unknown): Issue[] {
  if (!Array.isArray(errors)) return []
  return errors.flatMap((error) => {
    const param = textMember(error, 'field') ?? textMember(error, 'path') ?? pointed(error)
    const message = textMember(error, 'message') ?? textMember(error, 'detail') ?? ''
    return param === undefined ? [] : [{ param, message }]
  })
}

/** `/metadata/cuit` → `metadata.cuit` */
function pointed(error: unknown): string | undefined {
  return textMember(error, 'pointer')?.slice(1).replaceAll('/', '.')
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function textMember(value: unknown, name: string): string | undefined {
  const found = member(value, name)
  return typeof found === 'string' ? found : undefined
}
