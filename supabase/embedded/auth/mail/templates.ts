/**
 * Mails of the auth service. Templates use GoTrue's variables (`{{ .TokenHash }}`, `{{ .Token }}`, …),
 * so one set of files serves hosted and embedded (`[auth.email.template.*]` in config.toml). Links
 * lead to the application, which calls `verifyOtp({ token_hash, type })`.
 */
import type { MailKind, MailTemplate } from '../settings.ts';
import type { OutgoingMail as Mail } from '../../mail/mailer.ts';

export type Letter = {
	kind: MailKind | 'reauthentication';
	to: string;
	code: string;
	tokenHash: string;
	/** the account's present address */
	email: string;
	newEmail?: string;
	/** where the application should go after the link; null for its own choice */
	redirectTo: string | null;
	data?: Record<string, unknown>;
};

export type Addresses = { siteUrl: string; apiUrl: string };

/** `type` of verifyOtp for each mail; `email` stands for sign-up and magic link alike. */
const VERIFY_TYPE: Record<Letter['kind'], string> = {
	confirmation: 'email',
	recovery: 'recovery',
	magic_link: 'email',
	invite: 'invite',
	email_change: 'email_change',
	reauthentication: 'reauthentication'
};

const WORDS: Record<Letter['kind'], { subject: string; lead: string; action: string }> = {
	confirmation: {
		subject: 'Confirm your e-mail address',
		lead: 'Confirm {{ .Email }} to finish your registration.',
		action: 'Confirm e-mail'
	},
	recovery: {
		subject: 'Reset your password',
		lead: 'Somebody asked to reset the password of {{ .Email }}.',
		action: 'Choose a new password'
	},
	magic_link: {
		subject: 'Your sign-in link',
		lead: 'Sign in as {{ .Email }}.',
		action: 'Sign in'
	},
	invite: {
		subject: 'You have been invited',
		lead: 'You have been invited to {{ .SiteURL }}.',
		action: 'Accept the invitation'
	},
	email_change: {
		subject: 'Confirm the change of your e-mail address',
		lead: 'Confirm the change from {{ .Email }} to {{ .NewEmail }}.',
		action: 'Confirm the change'
	},
	reauthentication: {
		subject: 'Your confirmation code',
		lead: 'Enter this code to continue.',
		action: ''
	}
};

const LINK = '{{ .SiteURL }}/auth/confirm?token_hash={{ .TokenHash }}&type={{ .Type }}{{ .Next }}';
const WARNING = 'If you did not ask for this, ignore this mail.';

/** Fills a letter's template; `custom` replaces the built-in subject and HTML. */
export function renderMail(letter: Letter, addresses: Addresses, custom?: MailTemplate): Mail {
	const variables = variablesOf(letter, addresses);
	const { subject, lead, action } = WORDS[letter.kind];
	const link = action ? LINK : '';
	return {
		to: letter.to,
		subject: fill(custom?.subject ?? subject, variables, (text) => text),
		html: fill(custom?.html ?? page(subject, lead, action, link), variables, escapeHtml),
		text: fill(
			[lead, ...(link ? [`${action}: ${link}`] : []), 'Code: {{ .Token }}', WARNING].join('\n\n'),
			variables,
			(text) => text
		)
	};
}

function variablesOf(letter: Letter, { siteUrl, apiUrl }: Addresses): Record<string, string> {
	const type = VERIFY_TYPE[letter.kind];
	const verify = new URLSearchParams({
		token: letter.tokenHash,
		type,
		redirect_to: letter.redirectTo ?? siteUrl
	});
	return {
		SiteURL: siteUrl,
		Token: letter.code,
		TokenHash: letter.tokenHash,
		Type: type,
		Next: letter.redirectTo ? `&next=${encodeURIComponent(letter.redirectTo)}` : '',
		ConfirmationURL: `${apiUrl}/auth/v1/verify?${verify}`,
		RedirectTo: letter.redirectTo ?? siteUrl,
		Email: letter.email,
		NewEmail: letter.newEmail ?? '',
		...Object.fromEntries(
			Object.entries(letter.data ?? {}).map(([name, value]) => [`Data.${name}`, String(value)])
		)
	};
}

function fill(
	template: string,
	variables: Record<string, string>,
	escape: (text: string) => string
): string {
	return template.replace(/\{\{\s*\.([\w.]+)\s*\}\}/g, (_, name: string) =>
		escape(variables[name] ?? '')
	);
}

function page(title: string, lead: string, action: string, link: string): string {
	const button = link
		? `<p><a href="${link}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1f2937;color:#ffffff;text-decoration:none">${action}</a></p>`
		: '';
	return `<!doctype html>
<html>
<body style="margin:0;padding:32px;font-family:system-ui,sans-serif;color:#1f2937">
<h1 style="font-size:20px">${title}</h1>
<p>${lead}</p>
${button}
<p>Code: <strong style="font-size:20px;letter-spacing:4px">{{ .Token }}</strong></p>
<p style="color:#6b7280;font-size:13px">${WARNING}</p>
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;'
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? '');
