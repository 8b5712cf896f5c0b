/** The people of the demo company: its staff, its sign-ins and its clients. */
import { seeded } from './random.ts';

export type DemoRole =
	'operator' | 'coordinator' | 'master' | 'marketer' | 'manager' | 'admin' | 'client';

export const locations = [
	{ name: 'Подол, мастерская', address: 'Киев, ул. Верхний Вал, 24' },
	{ name: 'Левый берег, выездная служба', address: 'Киев, просп. Соборности, 7' }
] as const;

/** a fixed user id, so that links and screenshots survive a reset */
const userId = (number: number) =>
	`00000000-0000-4000-8000-${(0xde000000 + number).toString(16).padStart(12, '0')}`;

type Person = {
	id: string;
	/** part before @demo.verstak.test */
	name: string;
	full_name: string;
	role: DemoRole;
	/** number of the location, from 1; null sees all */
	location: 1 | 2 | null;
	capacity: number;
	phone: string;
	/** has a password */
	account: boolean;
};

const person = (
	number: number,
	name: string,
	fullName: string,
	role: DemoRole,
	location: 1 | 2 | null = null,
	capacity = 1
): Person => ({
	id: userId(number),
	name,
	full_name: fullName,
	role,
	location,
	capacity,
	phone: `+38044${(2900100 + number * 11).toString()}`,
	account: number <= 9
});

export const people: Person[] = [
	person(1, 'admin', 'Ирина Левченко', 'admin'),
	person(2, 'manager', 'Андрей Кравец', 'manager'),
	person(3, 'marketer', 'Дарья Мельник', 'marketer'),
	person(4, 'operator', 'Юлия Бондарь', 'operator'),
	person(5, 'coordinator', 'Марина Шевчук', 'coordinator'),
	person(6, 'coordinator2', 'Павел Гончар', 'coordinator', 1),
	person(7, 'master', 'Олег Савченко', 'master', 1, 3),
	person(8, 'master2', 'Тарас Коваль', 'master', 2, 3),
	person(9, 'client', 'Ника Белоусова', 'client'),
	person(10, 'master3', 'Виктор Дорошенко', 'master', 1, 3),
	person(11, 'master4', 'Богдан Лысенко', 'master', 2, 3),
	person(12, 'master5', 'Артём Зайцев', 'master', 1, 3),
	person(13, 'master6', 'Степан Гриценко', 'master', 2, 2)
];

export type DemoClient = {
	number: number;
	first_name: string;
	middle_name: string | null;
	last_name: string;
	email: string | null;
	address: string;
	source: string;
	blacklist_reason: string | null;
	user_id: string | null;
	phones: string[];
};

const women = [
	['Анна', 'Игоревна'],
	['Оксана', 'Петровна'],
	['Наталья', 'Викторовна'],
	['Елена', 'Сергеевна'],
	['Соломия', 'Андріївна'],
	['Катерина', 'Олексіївна'],
	['Людмила', 'Ивановна'],
	['Марта', 'Богданівна'],
	['Светлана', 'Юрьевна'],
	['Дарина', 'Тарасівна']
] as const;
const men = [
	['Сергей', 'Николаевич'],
	['Дмитрий', 'Олегович'],
	['Андрій', 'Васильович'],
	['Михайло', 'Степанович'],
	['Алексей', 'Павлович'],
	['Юрій', 'Миколайович'],
	['Максим', 'Андреевич'],
	['Роман', 'Ігорович'],
	['Владимир', 'Анатольевич'],
	['Ярослав', 'Дмитрович']
] as const;
// surnames that are the same for women and men
const surnames =
	'Бойко Ткаченко Кравченко Олійник Марченко Руденко Мороз Шевченко Петренко Клименко Павленко Савчук Мельничук Бондаренко Полищук Гайдук Мазур Лисенко Кузьменко Литвиненко Яценко Дяченко Коваленко Романюк Карпенко Панченко Демченко Гаврилюк Стельмах Нестеренко'.split(
		' '
	);
const streets = [
	'ул. Белорусская',
	'вул. Саксаганського',
	'ул. Константиновская',
	'вул. Ярославів Вал',
	'просп. Перемоги',
	'ул. Голосеевская',
	'вул. Володимирська',
	'ул. Борщаговская',
	'вул. Антоновича',
	'Русанівська наб.'
];
const operators = ['50', '63', '66', '67', '68', '93', '95', '96', '97', '98', '99'];
const sources = ['звонок', 'сайт', 'рекомендация', 'Instagram', 'Google Карты', 'повторный'];

/** About sixty clients; the first one has a sign-in of her own. */
export function demoClients(count: number): DemoClient[] {
	const random = seeded(155026);
	return Array.from({ length: count }, (_, index) => {
		const [first, middle] = index % 2 ? random.pick(men) : random.pick(women);
		const phone = () => `+380${random.pick(operators)}${random.int(2_000_000, 9_899_999)}`;
		const blacklisted = index === 17 || index === 41;
		return {
			number: index + 1,
			first_name: index === 0 ? 'Ника' : first,
			middle_name: index === 0 ? 'Дмитриевна' : random.chance(0.6) ? middle : null,
			last_name: index === 0 ? 'Белоусова' : (surnames[index % surnames.length] as string),
			email: index === 0 ? 'client@demo.verstak.test' : null,
			address: `${random.pick(streets)}, д. ${random.int(1, 90)}, кв. ${random.int(1, 120)}`,
			source: random.pick(sources),
			blacklist_reason: blacklisted ? 'Дважды не открыл дверь мастеру и не оплатил выезд' : null,
			user_id: index === 0 ? userId(9) : null,
			phones: random.chance(0.15) ? [phone(), phone()] : [phone()]
		};
	});
}
