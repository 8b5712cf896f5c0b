import { sequence } from '@sveltejs/kit/hooks';
import { logError } from './hooks/error-log.ts';
import { guard } from './hooks/guard.ts';
import { language } from './hooks/language.ts';
import { requestLog } from './hooks/request-log.ts';
import { securityHeaders } from './hooks/security-headers.ts';
import { session } from './hooks/session.ts';
import { theme } from './hooks/theme.ts';

export const handle = sequence(requestLog, securityHeaders, language, theme, session, guard);
export const handleError = logError;
