/** What `npm start` and its sisters read from the environment, checked at the door. */
import { resolve } from 'node:path';
import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);

const Environment = z.object({
	VERSTAK_HOME: z.string().min(1).default('.verstak'),
	VERSTAK_PORT: port(3000),
	VERSTAK_API_PORT: port(54321),
	VERSTAK_DB_PORT: port(54322),
	/** the page with caught mails */
	VERSTAK_MAIL_PORT: port(54324),
	/** the catcher's own SMTP server, for programs that send by themselves */
	VERSTAK_SMTP_PORT: port(54325),
	/** a real SMTP server; mail is then delivered instead of caught */
	SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
	SMTP_FROM: z.string().min(3).optional(),
	/** address to listen on; 0.0.0.0 opens the app and the API to the network */
	VERSTAK_HOST: z.string().min(1).default('127.0.0.1'),
	/** address of the API as browsers see it, when it is not this machine's */
	VERSTAK_PUBLIC_API_URL: z.url().optional()
});

export type Settings = {
	home: string;
	host: string;
	appPort: number;
	apiPort: number;
	dbPort: number;
	mailPort: number;
	smtpPort: number;
	mail: { smtpUrl?: string; from?: string };
	publicApiUrl: string | undefined;
};

/** @throws Error that names the variable and what is wrong with it */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
	const parsed = Environment.safeParse(environment);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new Error(`${String(issue?.path[0])}: ${issue?.message}`);
	}
	const values = parsed.data;
	return {
		home: resolve(values.VERSTAK_HOME),
		host: values.VERSTAK_HOST,
		appPort: values.VERSTAK_PORT,
		apiPort: values.VERSTAK_API_PORT,
		dbPort: values.VERSTAK_DB_PORT,
		mailPort: values.VERSTAK_MAIL_PORT,
		smtpPort: values.VERSTAK_SMTP_PORT,
		mail: {
			...(values.SMTP_URL ? { smtpUrl: values.SMTP_URL } : {}),
			...(values.SMTP_FROM ? { from: values.SMTP_FROM } : {})
		},
		publicApiUrl: values.VERSTAK_PUBLIC_API_URL
	};
}
