/** The staff of the demo company and its sign-ins. */
export type DemoRole =
	'operator' | 'coordinator' | 'master' | 'marketer' | 'manager' | 'admin' | 'client';

/** number of a location, from 1 */
export type Place = 1 | 2 | 3;

export const locations = [
	{
		name: 'Подол, мастерская',
		address: 'Киев, ул. Верхний Вал, 24',
		phone: '+380442900001'
	},
	{
		name: 'Левый берег, выездная служба',
		address: 'Киев, просп. Соборности, 7',
		phone: '+380442900002'
	},
	{
		name: 'Львів, майстерня',
		address: 'Львів, вул. Личаківська, 18',
		phone: '+380322900003'
	}
] as const;

/** a fixed user id, so that links and screenshots survive a reset */
const userId = (number: number) =>
	`00000000-0000-4000-8000-${(0xde000000 + number).toString(16).padStart(12, '0')}`;

export type Person = {
	id: string;
	/** part before @demo.verstak.test */
	name: string;
	full_name: string;
	role: DemoRole;
	/** null sees all */
	location: Place | null;
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
	location: Place | null = null,
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
	person(13, 'master6', 'Степан Гриценко', 'master', 2, 2),
	person(14, 'manager2', 'Олександра Дзюба', 'manager', 3),
	person(15, 'marketer2', 'Emma Collins', 'marketer'),
	person(16, 'operator2', 'Наталка Вовк', 'operator'),
	person(17, 'operator3', 'Игорь Фомин', 'operator', 2),
	person(18, 'coordinator3', 'Лариса Остапчук', 'coordinator', 2),
	person(19, 'coordinator4', 'Ростислав Яворський', 'coordinator', 3),
	person(20, 'master7', 'Любомир Гнатюк', 'master', 3, 4),
	person(21, 'master8', 'Зоряна Кіт', 'master', 3, 3),
	person(22, 'master9', 'Остап Вербицький', 'master', 3, 3),
	person(23, 'master10', 'Константин Рыбак', 'master', 1, 2),
	person(24, 'master11', 'Евгений Сорока', 'master', 2, 3),
	person(25, 'master12', 'Назар Швець', 'master', 2, 2),
	person(26, 'master13', 'James Walker', 'master', null, 2)
];

export const idOf = (name: string): string =>
	people.find((someone) => someone.name === name)?.id as string;

export const masters = people.filter(({ role }) => role === 'master');

/** How each master's day looks now, and how many orders he has: [assigned, in progress]; nobody above capacity. */
export const mastersNow: Record<
	string,
	{ shift: 'working' | 'break' | 'off'; orders: [number, number] }
> = {
	master: { shift: 'working', orders: [1, 1] },
	master2: { shift: 'working', orders: [1, 0] },
	master3: { shift: 'working', orders: [1, 2] },
	master4: { shift: 'working', orders: [1, 1] },
	master5: { shift: 'break', orders: [1, 1] },
	master6: { shift: 'working', orders: [1, 1] },
	master7: { shift: 'working', orders: [1, 2] },
	master8: { shift: 'working', orders: [1, 2] },
	master9: { shift: 'off', orders: [1, 0] },
	master10: { shift: 'off', orders: [0, 1] },
	master11: { shift: 'working', orders: [1, 1] },
	master12: { shift: 'break', orders: [0, 2] },
	master13: { shift: 'working', orders: [1, 0] }
};

/** Who takes and who directs orders of a location. */
export const operatorsOf: Record<Place, string[]> = {
	1: [idOf('operator'), idOf('operator2')],
	2: [idOf('operator'), idOf('operator3')],
	3: [idOf('operator2')]
};
export const coordinatorsOf: Record<Place, string[]> = {
	1: [idOf('coordinator'), idOf('coordinator2')],
	2: [idOf('coordinator'), idOf('coordinator3')],
	3: [idOf('coordinator'), idOf('coordinator4')]
};
