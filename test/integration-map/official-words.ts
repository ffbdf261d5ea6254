import type { Language } from '../../src/web/i18n.js';

/** Appendix 1 of the regulation: headings in their order, and the words of the table, as the document must print them. */
export const OFFICIAL: Readonly<
  Record<
    Language,
    {
      readonly title: string;
      readonly purpose: string;
      readonly sections: readonly [string, string, string, string];
      readonly facts: readonly string[];
      readonly parts: readonly [string, string, string, string];
      readonly columns: readonly string[];
      readonly model: readonly [name: string, beginning: string];
      readonly otherModels: readonly string[];
      readonly noModel: string;
      readonly practical: string;
      readonly consultations: readonly string[];
      readonly controls: readonly string[];
      readonly signed: readonly string[];
      readonly waiting: string;
    }
  >
> = {
  kk: {
    title: 'SPOC/MOOC интеграция картасы: ',
    purpose: 'Мақсаты: SPOC/MOOC немесе оның элементтерін пән мазмұнына интеграциялау',
    sections: [
      '1-бөлім. SPOC/MOOC таңдау',
      '2-бөлім. SPOC/MOOC мазмұнын және қалыптасатын құзыреттерді талдау негізінде таңдау',
      '3-бөлім. MOOC интеграция моделін таңдау',
      '4-бөлім. Оқытылатын пәнге SPOC/MOOC интеграциялау жоспары',
    ],
    facts: [
      'Пәннің атауы',
      'SPOC/MOOC атауы',
      'Курс платформасына сілтеме',
      'Еңбек сыйымдылығы (сағаттар / несиелер)',
      'Оқыту нысаны (күндізгі/қысқартылған)',
      'Білім деңгейі (бакалавриат/магистратура)',
      'Оқыту тілі',
      'Семестр',
      'Аттестаттау нысаны (емтихан)',
    ],
    parts: [
      '2.1. Оқыту мазмұны мен нәтижесінің сәйкестік дәрежесі',
      '3.1. Модельді таңдау',
      '4.1. Модель атауы',
      '4.2. Оқу курсының мазмұнын іске асыру кестесі',
    ],
    columns: [
      'Апта',
      'Тақырып атауы',
      'Сағат саны',
      'Тапсырмалар',
      'Білімді бағалау',
      'Сабақты өткізу нысаны',
      'Платформа және сілтеме',
    ],
    model: ['2-модель. Аралас оқыту «+МООК»', 'аудиториялық сабақтарды (негізінен дәрістерді) ішінара ауыстыру'],
    otherModels: ['1-модель', 'МООК-қолдау', '3-модель', '«МООК+»'],
    noModel: 'Модель әлі таңдалмаған.',
    practical: 'Практикалық жұмыс 1',
    consultations: ['ҚР бойынша кеңес 1', 'ҚР бойынша кеңес 2', 'Емтихан бойынша кеңес'],
    controls: ['Аралық бақылау 1', 'Аралық бақылау 2', 'Қорытынды бақылау'],
    signed: ['Құрастырылған:', 'Оқытушы', 'Келісілді:', 'Мектептің бағдарлама көшбасшысы', 'ОББ директоры'],
    waiting: 'әлі келісілмеген',
  },
  ru: {
    title: 'Карта интеграции SPOC/MOOC: ',
    purpose: 'Цель: интеграция SPOC/MOOC или его элементов в содержание дисциплины',
    sections: [
      'Раздел 1. Выбор SPOC/MOOC',
      'Раздел 2. Выбор на основе анализа содержания SPOC/MOOC и формируемых компетенций',
      'Раздел 3. Выбор модели интеграции МООК',
      'Раздел 4. План интеграции SPOC/MOOC в дисциплину',
    ],
    facts: [
      'Название дисциплины',
      'Название SPOC/MOOC',
      'Ссылка на платформу курса',
      'Трудоёмкость (часы / кредиты)',
      'Форма обучения (очная/сокращённая)',
      'Уровень образования (бакалавриат/магистратура)',
      'Язык обучения',
      'Семестр',
      'Форма аттестации (экзамен)',
    ],
    parts: [
      '2.1. Степень соответствия содержания и результатов обучения',
      '3.1. Выбор модели',
      '4.1. Название модели',
      '4.2. График реализации содержания учебного курса',
    ],
    columns: [
      'Неделя',
      'Название темы',
      'Кол-во часов',
      'Задания',
      'Оценивание знаний',
      'Форма проведения занятия',
      'Платформа и ссылка',
    ],
    model: ['Модель 2. Смешанное обучение «+МООК»', 'частичная замена аудиторных занятий (в основном лекций)'],
    otherModels: ['Модель 1', 'МООК-поддержка', 'Модель 3', '«МООК+»'],
    noModel: 'Модель ещё не выбрана.',
    practical: 'Практическая работа 1',
    consultations: ['Консультация по РК 1', 'Консультация по РК 2', 'Консультация по экзамену'],
    controls: ['Рубежный контроль 1', 'Рубежный контроль 2', 'Итоговый контроль'],
    signed: ['Составлено:', 'преподаватель', 'Согласовано:', 'программный лидер Школы', 'директор УОО'],
    waiting: 'ещё не согласовано',
  },
  en: {
    title: 'SPOC/MOOC integration map: ',
    purpose: 'Purpose: to integrate a SPOC/MOOC, or elements of it, into the discipline’s content',
    sections: [
      'Section 1. Choosing the SPOC/MOOC',
      'Section 2. Choice by analysis of the SPOC/MOOC’s content and the competences it forms',
      'Section 3. Choosing the integration model',
      'Section 4. Plan for integrating the SPOC/MOOC into the discipline',
    ],
    facts: [
      'Discipline',
      'SPOC/MOOC title',
      'Link to the course platform',
      'Workload (hours / credits)',
      'Form of study (full-time/accelerated)',
      'Level (bachelor/master)',
      'Language of instruction',
      'Semester',
      'Form of attestation (exam)',
    ],
    parts: [
      '2.1. Degree to which content and learning outcomes match',
      '3.1. Choice of the model',
      '4.1. Name of the model',
      '4.2. Schedule for carrying out the course content',
    ],
    columns: [
      'Week',
      'Topic',
      'Hours',
      'Tasks',
      'Assessment',
      'Delivery (synchronous, asynchronous, in class)',
      'Platform and link',
    ],
    model: ['Model 2. Blended “+MOOC”', 'part of the classroom work (mainly lectures) is replaced'],
    otherModels: ['Model 1', 'MOOC support', 'Model 3', '“MOOC+”'],
    noModel: 'No model is chosen yet.',
    practical: 'Practical class 1',
    consultations: ['Consultation for midterm 1', 'Consultation for midterm 2', 'Exam consultation'],
    controls: ['Midterm 1', 'Midterm 2', 'Final control'],
    signed: ['Compiled by:', 'teacher', 'Agreed by:', 'programme leader of the School', 'director of online education'],
    waiting: 'not agreed yet',
  },
};
