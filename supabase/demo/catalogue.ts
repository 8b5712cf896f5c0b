/** What the demo company does and how it advertises: services, promotions, campaigns. */
import type { Clock } from './clock.ts';
import type { Place } from './people.ts';
import { seeded } from './random.ts';

export type OrderType = 'consultation' | 'diagnostics' | 'repair' | 'other';
export type Trade = 'instruments' | 'windows';
type Words = { en: string; ru: string; uk: string };

export type Service = {
	key: string;
	trade: Trade;
	order_type: OrderType;
	name: Words;
	price: number | null;
	norm_minutes: number;
	location: Place | null;
};

// key | trade | type of order | price from | minutes | name in English | Russian | Ukrainian
const table = `
setup | instruments | repair | 600 | 90 | Guitar setup | Отстройка гитары | Відбудова гітари
luthier | instruments | repair | 1200 | 480 | Body and neck repair | Ремонт корпуса и грифа | Ремонт корпусу й грифа
frets | instruments | repair | 2800 | 600 | Refretting | Замена ладов | Заміна ладів
bowed | instruments | repair | 900 | 300 | Violins and cellos | Скрипки и виолончели | Скрипки та віолончелі
winds | instruments | repair | 1100 | 300 | Wind instruments | Духовые инструменты | Духові інструменти
accordion | instruments | repair | 1500 | 480 | Accordions | Баяны и аккордеоны | Баяни та акордеони
electronics | instruments | repair | 700 | 180 | Electronics and amplifiers | Электроника и усилители | Електроніка та підсилювачі
diagnosis | instruments | diagnostics | 300 | 45 | Diagnostics of an instrument | Диагностика инструмента | Діагностика інструмента
advice | instruments | consultation | – | 30 | Advice and appraisal | Консультация и оценка | Консультація та оцінка
custom | instruments | other | 400 | 120 | Parts made to order | Детали на заказ | Деталі на замовлення
hardware | windows | repair | 500 | 60 | Window hardware and adjustment | Регулировка и фурнитура | Регулювання та фурнітура
glass | windows | repair | 1900 | 120 | Glass unit replacement | Замена стеклопакета | Заміна склопакета
seal | windows | repair | 800 | 90 | Seals and slopes | Уплотнители и откосы | Ущільнювачі та укоси
nets | windows | repair | 450 | 45 | Insect screens | Москитные сетки | Москітні сітки
survey | windows | diagnostics | 250 | 45 | Window inspection | Осмотр окон | Огляд вікон
glazing | windows | consultation | – | 60 | Glazing: survey and estimate | Остекление: замер и смета | Скління: замір і кошторис
dismantling | windows | other | 600 | 60 | Dismantling | Демонтаж | Демонтаж
`;

export const services: Service[] = table
	.trim()
	.split('\n')
	.map((line) => {
		const [key, trade, order_type, price, minutes, en, ru, uk] = line.split(' | ') as [
			string,
			Trade,
			OrderType,
			string,
			string,
			string,
			string,
			string
		];
		return {
			key,
			trade,
			order_type,
			price: price === '–' ? null : Number(price),
			norm_minutes: Number(minutes),
			name: { en, ru, uk },
			location: trade === 'windows' ? 2 : null
		};
	});

export const serviceNumber = (key: string) =>
	services.findIndex((candidate) => candidate.key === key) + 1;

export const promotions = [
	{
		service: serviceNumber('setup'),
		title: {
			en: 'Autumn setup −20 %',
			ru: 'Осенняя отстройка −20 %',
			uk: 'Осіння відбудова −20 %'
		},
		from: 20,
		until: -25
	},
	{
		service: serviceNumber('seal'),
		title: {
			en: 'Warm windows: second seal at half price',
			ru: 'Тёплые окна: второй уплотнитель за полцены',
			uk: 'Теплі вікна: другий ущільнювач за півціни'
		},
		from: 12,
		until: -18
	},
	{
		service: serviceNumber('advice'),
		title: {
			en: 'Free appraisal on Saturdays',
			ru: 'Бесплатная оценка по субботам',
			uk: 'Безкоштовна оцінка щосуботи'
		},
		from: 80,
		until: 40
	}
];

export type Campaign = {
	name: string;
	channel: string;
	source: string;
	service: number | null;
	location: Place | null;
	budget: number;
	/** days before now; negative is ahead */
	from: number;
	until: number | null;
	/** money a day, about */
	daily: number;
	/** how strongly it draws orders of its location */
	weight: number;
};

/** From very profitable to losing money. */
export const campaigns: Campaign[] = [
	{
		name: 'Google: ремонт гитар Киев',
		channel: 'search',
		source: 'google',
		service: serviceNumber('luthier'),
		location: 1,
		budget: 90000,
		from: 88,
		until: null,
		daily: 780,
		weight: 9
	},
	{
		name: 'Окна к зиме: Instagram',
		channel: 'social',
		source: 'instagram',
		service: serviceNumber('seal'),
		location: 2,
		budget: 60000,
		from: 60,
		until: -20,
		daily: 820,
		weight: 8
	},
	{
		name: 'Приведи друга',
		channel: 'referral',
		source: 'referral',
		service: null,
		location: null,
		budget: 90000,
		from: 90,
		until: null,
		daily: 900,
		weight: 3
	},
	{
		name: 'Львів: карти й відгуки',
		channel: 'maps',
		source: 'google_maps',
		service: null,
		location: 3,
		budget: 40000,
		from: 75,
		until: null,
		daily: 420,
		weight: 6
	},
	{
		name: 'Radio Jazz: реклама в эфире',
		channel: 'radio',
		source: 'radio',
		service: null,
		location: null,
		budget: 120000,
		from: 70,
		until: 25,
		daily: 2400,
		weight: 1
	}
];

/** What was spent on each campaign, a row a day. */
export function demoSpend(clock: Clock) {
	const random = seeded(7001);
	return campaigns.flatMap((campaign, index) => {
		const last = Math.max(campaign.until ?? 0, 0);
		return Array.from({ length: campaign.from - last + 1 }, (_, day) => ({
			campaign: index + 1,
			day: clock.day(campaign.from - day),
			amount: Math.round(campaign.daily * random.int(60, 140)) / 100
		}));
	});
}
