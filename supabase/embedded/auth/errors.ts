/** GoTrue's error answers: `{code, error_code, msg}` with the status repeated in `code`. */

/** An expected refusal of the auth service. */
export class AuthError extends Error {
	status: number;
	code: string;
	details: Record<string, unknown>;
	headers: Record<string, string>;
	constructor(
		status: number,
		code: string,
		message: string,
		more: {
			details?: Record<string, unknown>;
			headers?: Record<string, string>;
			/** what went wrong inside; logged, never answered */
			cause?: unknown;
		} = {}
	) {
		super(message, { cause: more.cause });
		this.status = status;
		this.code = code;
		this.details = more.details ?? {};
		this.headers = more.headers ?? {};
	}

	toResponse(): Response {
		return Response.json(
			{ code: this.status, error_code: this.code, msg: this.message, ...this.details },
			{ status: this.status, headers: { 'x-sb-error-code': this.code, ...this.headers } }
		);
	}
}

export const invalid = (message: string, status = 400) =>
	new AuthError(status, 'validation_failed', message);

export const emailExists = () =>
	new AuthError(422, 'email_exists', 'A user with this email address has already been registered');

export const userNotFound = (message = 'User not found') =>
	new AuthError(404, 'user_not_found', message);

export const userBanned = (status = 400) => new AuthError(status, 'user_banned', 'User is banned');
