/** The demo company's clients: names in Russian, Ukrainian and English, phones, addresses. */
import { idOf, type Place } from './people.ts';
import { seeded, type Random } from './random.ts';

export type DemoClient = {
	number: number;
	/** where this client usually goes */
	home: Place;
	first_name: string;
	middle_name: string | null;
	last_name: string;
	email: string | null;
	address: string;
	source: string;
	blacklisted: boolean;
	blacklist_reason: string | null;
	user_id: string | null;
	phones: { phone: string; label: string | null }[];
};

const russian = {
	women:
		'Анна Игоревна|Оксана Петровна|Наталья Викторовна|Елена Сергеевна|Людмила Ивановна|Светлана Юрьевна|Ольга Борисовна|Вера Михайловна',
	men: 'Сергей Николаевич|Дмитрий Олегович|Алексей Павлович|Максим Андреевич|Владимир Анатольевич|Илья Романович|Глеб Вадимович|Николай Ефимович'
};
const ukrainian = {
	women:
		'Соломія Андріївна|Катерина Олексіївна|Марта Богданівна|Дарина Тарасівна|Мирослава Євгенівна|Ярина Романівна|Христина Ігорівна|Оля Степанівна',
	men: 'Андрій Васильович|Михайло Степанович|Юрій Миколайович|Роман Ігорович|Ярослав Дмитрович|Назар Петрович|Остап Левкович|Святослав Ількович'
};
const english =
	'John Harper|Emily Clark|Oliver Reed|Sophie Turner|Daniel Brooks|Hannah Wright|Thomas Ellis|Grace Palmer|Jack Morgan|Chloe Bennett'.split(
		'|'
	);
// surnames that are the same for women and men, in both languages
const surnames =
	'Бойко Ткаченко Кравченко Олійник Марченко Руденко Мороз Шевченко Петренко Клименко Павленко Савчук Мельничук Бондаренко Полищук Гайдук Мазур Лисенко Кузьменко Литвиненко Яценко Дяченко Коваленко Романюк Карпенко Панченко Демченко Гаврилюк Стельмах Нестеренко Сидоренко Тимошенко Онищенко Ярошенко Пилипенко Ващенко Захарченко Дорош Заяц Кравчук'.split(
		' '
	);
const streets: Record<Place, string[]> = {
	1: [
		'Киев, ул. Константиновская',
		'Київ, вул. Саксаганського',
		'Киев, ул. Белорусская',
		'Київ, вул. Ярославів Вал',
		'Київ, вул. Антоновича',
		'Киев, ул. Борщаговская'
	],
	2: [
		'Киев, просп. Соборности',
		'Київ, Русанівська наб.',
		'Киев, ул. Драгоманова',
		'Київ, вул. Ревуцького',
		'Киев, ул. Бажана',
		'Київ, просп. Тичини'
	],
	3: [
		'Львів, вул. Зелена',
		'Львів, вул. Городоцька',
		'Львів, вул. Франка',
		'Львів, вул. Стрийська',
		'Львів, просп. Свободи',
		'Львів, вул. Дорошенка'
	]
};
const operators = ['50', '63', '66', '67', '68', '93', '95', '96', '97', '98', '99'];
const sources = ['звонок', 'сайт', 'рекомендация', 'Instagram', 'Google Карты', 'повторный'];
const labels = ['жена', 'муж', 'мастерская', 'робочий', 'mobile'];
const reasons = [
	'Дважды не открыл дверь мастеру и не оплатил выезд',
	'Не сплатив за виконаний ремонт, погрожував майстру',
	'Забрал инструмент без оплаты'
];

/** Phone numbers that are drawn once only. */
export function phoneBook(random: Random): () => string {
	const given = new Set<string>();
	return function draw(): string {
		const phone = `+380${random.pick(operators)}${random.int(2_000_000, 9_899_999)}`;
		if (given.has(phone)) return draw();
		given.add(phone);
		return phone;
	};
}

/** What a person of a place is called: mostly Russian or Ukrainian, one in twelve English. */
export function drawName(
	random: Random,
	home: Place
): Pick<DemoClient, 'first_name' | 'middle_name' | 'last_name'> {
	if (random.chance(1 / 12)) {
		const [first, last] = random.pick(english).split(' ') as [string, string];
		return { first_name: first, middle_name: null, last_name: last };
	}
	const language = random.chance(home === 3 ? 0.9 : 0.4) ? ukrainian : russian;
	const names = (random.chance(0.5) ? language.women : language.men).split('|');
	const [first, middle] = random.pick(names).split(' ') as [string, string];
	return {
		first_name: first,
		middle_name: random.chance(0.6) ? middle : null,
		last_name: random.pick(surnames)
	};
}

/** The clients; the first one has a sign-in of her own. */
export function demoClients(count: number, phone: () => string): DemoClient[] {
	const random = seeded(155026);
	return Array.from({ length: count }, (_, index) => {
		const home = ((index % 8) + 1 <= 3 ? 1 : (index % 8) + 1 <= 6 ? 2 : 3) as Place;
		const blacklisted = index === 17 || index === 41 || index === 230;
		const second = random.chance(0.15);
		const client: DemoClient = {
			number: index + 1,
			home,
			...drawName(random, home),
			email: random.chance(0.35) ? `client${index + 1}@example.test` : null,
			address: `${random.pick(streets[home])}, ${random.int(1, 90)}, кв. ${random.int(1, 120)}`,
			source: random.pick(sources),
			blacklisted,
			blacklist_reason: blacklisted ? (reasons[index % reasons.length] as string) : null,
			user_id: null,
			phones: [
				{ phone: phone(), label: null },
				...(second ? [{ phone: phone(), label: random.pick(labels) }] : [])
			]
		};
		if (index > 0) return client;
		return {
			...client,
			first_name: 'Ника',
			middle_name: 'Дмитриевна',
			last_name: 'Белоусова',
			email: 'client@demo.verstak.test',
			user_id: idOf('client')
		};
	});
}
