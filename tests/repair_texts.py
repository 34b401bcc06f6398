"""Clean policy sentences and pages written for these tests: the held-out set; none is in data/gold/repair.csv."""

from __future__ import annotations

CHINESE = [
    "到2030年，全省常住人口城镇化率达到75%左右，户籍人口城镇化率稳步提高。",
    "县人民政府应当建立住房保障台账，每年3月底前向社会公布房源（含公租房）数量。",
    "支持符合条件的企业发行绿色债券，引导社会资本采用PPP模式参与老旧管网改造。",
    "各市要把吸纳就业作为产业布局的重要考量，优先安排劳动密集型项目用地。",
    "完善“人地钱”挂钩机制，新增建设用地指标向进城落户人口较多的地区倾斜。",
    "推动优质医疗资源下沉，乡镇卫生院（社区卫生服务中心）标准化率不低于90%。",
    "鼓励高等学校与县城共建实训基地，每年培训技能人才1.5万人次。",
    "严格控制县城建筑密度和强度，新建住宅以6层为主，最高不超过18层。",
    "加强历史文化街区保护，严禁大拆大建、拆真建假，留住乡愁和城市记忆。",
    "依法保障妇女、儿童、老年人和残疾人的合法权益，建设全龄友好型社区。",
    "建立健全跨区域生态补偿机制，明确上下游责任，共同守护绿水青山。",
    "对吸引外来人口较多的特大镇赋予县级管理权限，扩大经济社会管理自主权。",
    "稳妥有序推进农村集体经营性建设用地入市，让农民分享土地增值收益。",
    "加快补齐排水防涝短板，三年内基本消除城区易涝积水点（共计426处）。",
    "运用大数据、物联网等技术，实现水、电、气、热“一张网”智能调度。",
    "强化粮食安全党政同责，坚决遏制耕地“非农化”，防止“非粮化”。",
]
ENGLISH = [
    "Every prefecture should publish a list of public services for migrant families, and update the list each spring.",
    "Local officials must consult residents before land is converted. The results of the hearing will be made public.",
    "The bureau will simplify permits for small restaurants, shops and workshops; inspections will be announced early.",
    "Investment in drainage and sewage treatment has reduced the risk of flooding in low-lying neighbourhoods.",
    "Schools near industrial parks are asked to admit children from other provinces on equal terms with local pupils.",
    "The province has decided to build affordable apartments close to stations, hospitals and vocational colleges.",
    "Grants from the national treasury depend on the number of people who have moved their registration to the city.",
    "Villages may lease unused collective land to processing companies, provided that farmers receive a share.",
]
CHINESE_CONTROLS = [
    "世界贸易组织(WTO)成员间的谈判取得进展。",
    "本办法所称小城镇(含建制镇)是指人口不足五万人的聚居区。",
    "采取设计采购施工总承包(EPC)方式的项目应当公开招标。",
    "细颗粒物(PM2.5)平均浓度下降12%。",
    "参见附表(A)和附表(b)的说明。",
    "省发展改革委(牵头)、省财政厅(配合)按职责分工落实。",
    "上海(Shanghai)与鹿特丹(Rotterdam)缔结友好港。",
    "规划期为2026—2030年（展望到2035年）。",
    "居民消费价格指数(CPI)和工业生产者价格指数(PPI)温和回升。",
    "“放管服”改革(简政放权、放管结合、优化服务)持续深化。",
    "乾隆年间修建的瞭望台由著名匠人主持。",
    "等等……这些问题——包括住房——都要解决。",
]
ENGLISH_CONTROLS = [
    "The hukou system (household registration) was relaxed in Zhengzhou and Shijiazhuang.",
    "Contact info@housing.example.org or see https://www.example.org/Plans.2026,final for details.",
    "Dr. Zhao's re-employment programme (see Fig. 4.2) enrolled 12,500 laid-off steelworkers in the U.S. and the U.K.",
    "Nongovernmental organisations and state-owned enterprises cofinanced waterlogging controls...",
]
CHINESE_PAGE = [
    "关于推进县城公共服务提升的实施意见",
    "各市、县人民政府，省政府各委、办、厅、局：",
    "为深入贯彻以人民为中心的发展思想，加快补齐县城公共服务短板，经省政府同意，提出如下意见（以下简称“本意见”）。",
    "一、总体要求。坚持尽力而为、量力而行，着力解决群众最关心的教育、医疗、养老问题，到2029年建成50个示范县。",
    "二、重点任务。（一）扩大学位供给。新建改扩建中小学校320所，增加学位28万个，保障随迁子女平等接受义务教育。",
    "（二）提高诊疗能力。县级医院(含中医院)全部达到国家推荐标准，推广远程会诊(MDT)服务，让群众少跑腿。",
    "（三）完善养老网络。每个街道至少建设1处综合养老服务中心，发展“物业+养老”等新模式，长期照护床位占比达到60%。",
    "三、保障措施。省财政每年安排专项资金不少于12亿元；自然资源部门优先保障用地；各地不得搞形象工程、面子工程。",
]
ENGLISH_PAGE = [
    "Opinions on better public services in county towns",
    "Most new residents will live in county towns, and their schools and clinics have not kept pace with demand.",
    "First, expand school places. The province will build 320 schools and make sure that children of migrant workers "
    "are admitted without additional documents.",
    "Second, strengthen hospitals. County hospitals should reach the recommended standard, and remote consultation "
    "will be offered in every township, so that patients travel less.",
    "Third, support the elderly. Each district must operate at least one care centre; private providers are welcome.",
    "The provincial treasury will reserve 1.2 billion yuan each year, and the results of the programme will be "
    "published (see Annex 2).",
]
