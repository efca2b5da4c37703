"""The words that people use, English and German, and what each can mean. Every table is closed: other words are not understood.

A meaning is a tag such as `unit:users` or `period:week`; a word may have several. Intents say which commands a word speaks for,
and how strongly; a command for which a said word does not speak at all is not what was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache


def _words(text: str) -> tuple[str, ...]:
    """Return the entries of a table: words by spaces, phrases with underscores for their spaces."""
    return tuple(entry.replace("_", " ") for entry in text.split())


TAGS: Mapping[str, tuple[str, ...]] = {
    tag: _words(words)
    for tag, words in {
        # What is counted.
        "unit:users": """user users seat seats employee employees people ppl person persons rep reps sellers advisors staff folks workers
            colleagues fte ftes heads headcount licence licences license licenses licensed_users lizenz lizenzen nutzer benutzer
            mitarbeiter mitarbeitern mitarbeitende mitarbeitenden anwender leute personen nutzern benutzern usern arbeitsplätze
            service_reps support_reps sales_reps team_members agents_seats human_agents internal_users named_users kollegen""",
        "unit:interactions": """interaction interactions conversation conversations convo convos conv convs chat chats session sessions
            dialog dialogs dialogue dialogues gespräch gespräche gesprächen gespraeche konversation konversationen unterhaltung
            unterhaltungen interaktion interaktionen dialoge dialogen kundengespräche kundengesprächen kundenanfragen anfragen
            inquiries enquiries chatgespräche servicegespräche""",
        "unit:calls": "call calls phone_call phone_calls voice_call voice_calls anruf anrufe anrufen telefonate telefonaten",
        "unit:tickets": "ticket tickets cases support_cases support_tickets fälle contacts customer_contacts kontakte",
        "unit:actions": "action actions aktion aktionen agent_actions agentenaktionen flex_actions standard_actions standardaktionen",
        "unit:credits": "credit credits flex_credits flex_credit flexcredits flexcredit agentforce_credits",
        "unit:packs": "pack packs paket pakete paketen packages credit_packs blocks",
        "unit:tokens": "token tokens",
        "unit:agents": "agents agenten bots major_agents",
        # Periods, and how they are said of an amount.
        "period:day": "day days d tag tage tagen calendar_day",
        "period:week": "week weeks wk wks woche wochen",
        "period:month": "month months mo mos mth mths monat monate monaten monats calendar_month",
        "period:quarter": "quarter quarters qtr qtrs quartal quartale quartalen quartals",
        "period:year": "year years yr yrs annum jahr jahre jahren jahres kalenderjahr calendar_year",
        "each_period:day": "daily täglich am_tag pro_tag je_tag per_diem",
        "each_period:week": "weekly wöchentlich pro_woche in_der_woche die_woche",
        "each_period:month": "monthly monatlich im_monat pro_monat je_monat p.m. monthly_volume",
        "each_period:quarter": "quarterly quartalsweise pro_quartal",
        "each_period:year": """yearly annually annual annualized annualised jährlich im_jahr pro_jahr p.a. pa p.a per_annum jahreskosten
            jahresvolumen annual_cost aufs_jahr auf_das_jahr jahreskosten""",
        "per": "per a an pro je / every",
        "each": "each apiece jeweils je_nutzer pro_nutzer per_user per_rep per_person per_seat per_head per_employee pro_kopf pro_mitarbeiter",
        "per_interaction": """per_conversation per_interaction per_chat per_convo per_call per_session pro_gespräch pro_konversation je_gespräch
            pro_chat pro_interaktion each_conversation each_chat a_chat a_conversation je_konversation pro_anruf per_conv each_convo""",
        "do": "do does doing run runs running handle handles handling have has having make makes making haben machen führen führt",
        # Prices.
        "at": "at @ for zu à für with w/ mit bei taking using having averaging",
        "discount": """discount off rabatt nachlass discounted reduction rebate preisnachlass cheaper_credits volume_discount credit_discount
            off_list off_credits rabattiert mengenrabatt""",
        "growth": "growth growing grows grow wachstum wachsend wächst wachsen increase_per_month",
        "resolved": "resolved resolution_rate gelöst lösungsquote gelöste resolve deflection_rate",
        "voice": "voice telefonie sprache",
        "premier": "premier premier_support premiersupport",
        "data_cloud": "data_cloud data_360 datacloud data360",
        "cost_word": "cost costs kosten kostet",
        "price_word": "price preis unit_price lizenzpreis seat_price licence_price license_price list_price listenpreis",
        # Groupings, and the names in front of which they stand.
        "group:agent": "agent agents bot bots agenten assistant assistants agentforce_agent ai_agent ai_agents",
        "group:department": """department departments dept depts business_unit business_units bu bus division divisions abteilung abteilungen
            bereich bereiche bereichen team teams fachbereich fachbereiche unit""",
        "group:org": "org orgs organization organizations organisation organisationen region regions orgs mandant mandanten",
        "group:user": "user users employee person people nutzer benutzer mitarbeiter rep named_user benutzern nutzern individual",
        "group:action": "action actions action_type action_types aktion aktionen aktionstyp aktionsart aktionsarten skill skills",
        "group:environment": "environment environments env envs umgebung umgebungen sandbox_vs_production production_vs_sandbox sandbox_and_production sandbox_vs_prod prod_vs_sandbox",
        "group:use case": "use_case use_cases anwendungsfall anwendungsfälle anwendungsfällen",
        "group:type": "usage_type usage_types credit_type verbrauchsart verbrauchsarten",
        "group:day": "day days tag tagen",
        "group:week": "week weeks woche wochen",
        "group:month": "month months monat monaten",
        "by": "by per across nach je pro broken_down_by split_by grouped_by breakdown_by sorted_by aufgeteilt_nach gruppiert_nach jeder jede jedes each for_each every",
        "which": "which what welche welcher welches what_are_the",
        "top": "top biggest largest highest größte größten grösste teuerste teuersten most_expensive priciest heaviest",
        # Where it ran, and for whom.
        "env:sandbox": "sandbox sandboxes sandkasten test_environment testumgebung",
        "env:production": "production prod produktion produktiv live_environment",
        "for:customers": "customers customer-facing customer_facing external_customers kunden endkunden kundenseitig",
        "for:employees": "employee-facing employee_facing internal intern interne mitarbeiterseitig",
        # Plans.
        "plan:per_conversation": """conversation_pricing per-conversation per_conversation_pricing conversation_plan conversations_plan
            per_conversation_plan conversation_model gesprächspreis gesprächsmodell gesprächspreise conversation_based_pricing
            per-conversation_pricing conversational_pricing""",
        "plan:flex_credits": """flex flex_pricing flex_plan credit_pricing consumption_pricing by_consumption consumption_based
            usage_based credit_model action_based action_pricing action-based verbrauchsbasiert flex_modell""",
        "plan:per_user_add_on": """add-on addon add-ons addons agentforce_add-on agentforce_addon seat_licence seat_license per-user_licence per-user_license
            add-on_license add-on_licence user_add-on per_user_license per_user_licence per-user per-seat seat-based lizenzmodell""",
        "plan:per_user_industries": "industries industries_add-on industry_add-on",
        "plan:edition_sales": "sales_edition agentforce_1_sales agentforce_1_for_sales",
        "plan:edition_service": "service_edition agentforce_1_service agentforce_1_for_service",
        "plan:user_license": "user_licence user_license $5_licence $5_license",
        "plan:per_resolution": "help_agent help_agents resolutions",
        "plan:flex_pre_purchase": "pre-purchase prepurchase pre_purchase pre-purchased prepurchased prepaid pre-paid vorauskauf",
        "plan:flex_pre_commit": "pre-commit precommit pre_commit pre-commitment committed_spend",
        "plan:flex_pay_as_you_go": "payg pay-as-you-go pay_as_you_go on_demand nutzungsbasiert",
        # Time.
        "last": "last past previous trailing prior letzte letzten letzter letztes letztem vergangene vergangenen vergangener vorige voriger vorigen",
        "vor": "vorwoche",
        "vormonat": "vormonat",
        "vorquartal": "vorquartal",
        "this": "this current diese diesen dieser dieses diesem laufenden laufende laufender aktuellen aktueller aktuelles",
        "next": "next coming upcoming following nächste nächsten nächster nächstes kommende kommenden kommender",
        "since": "since seit starting_from ab from",
        "from": "from vom von between zwischen ab",
        "to": "to until till through thru bis - and und til zum",
        "until": "until till by before b4 through bis vor bis_zum til bis_zu up_to",
        "end": "end ende ablauf eoy",
        "rest": "rest remainder restlichen restliches remaining_part",
        "yesterday": "yesterday gestern",
        "today": "today heute",
        "ytd": "ytd year_to_date this_year_so_far",
        "mtd": "mtd month_to_date",
        "week_number": "week kw kalenderwoche cw",
        "ago": "ago her",
        "jahresende": "jahresende year_end year-end end_of_year end_of_the_year eoy ende_des_jahres",
        "monatsende": "month_end month-end end_of_month end_of_the_month monatsende",
        "quartalsende": "quarter_end end_of_quarter end_of_the_quarter quartalsende",
        "vertragsende": """end_of_term end_of_the_term contract_end end_of_contract end_of_the_contract vertragsende renewal laufzeitende
            ende_der_laufzeit end_of_our_term end_of_our_contract term_end our_renewal""",
        "christmas": "christmas xmas weihnachten",
        "month_name:1": "january jan januar jänner",
        "month_name:2": "february feb februar",
        "month_name:3": "march mar märz mrz",
        "month_name:4": "april apr",
        "month_name:5": "may mai",
        "month_name:6": "june jun juni",
        "month_name:7": "july jul juli",
        "month_name:8": "august aug",
        "month_name:9": "september sep sept",
        "month_name:10": "october oct oktober okt",
        "month_name:11": "november nov",
        "month_name:12": "december dec dezember dez",
        "quarter_name:1": "q1 first_quarter erstes_quartal ersten_quartal 1st_quarter quarter_1",
        "quarter_name:2": "q2 second_quarter zweites_quartal zweiten_quartal 2nd_quarter quarter_2",
        "quarter_name:3": "q3 third_quarter drittes_quartal dritten_quartal 3rd_quarter quarter_3",
        "quarter_name:4": "q4 fourth_quarter viertes_quartal vierten_quartal 4th_quarter quarter_4",
        "weekday:0": "monday mon montag",
        "weekday:1": "tuesday tue tues dienstag",
        "weekday:2": "wednesday wed mittwoch",
        "weekday:3": "thursday thu thurs donnerstag",
        "weekday:4": "friday fri freitag",
        "weekday:5": "saturday samstag sonnabend",
        "weekday:6": "sunday sonntag",
    }.items()
}

# Words that carry no content of their own in a question. A closed list: what is neither here nor in a table above is not understood.
FUNCTION_WORDS = frozenset(
    _words(
        """the a an of our ours my we us i you your it its is are was were be been being am to in on at for with and or if do does did
        doing done have has had will would could can should shall may might must that this these those there here so just only please
        pls thanks thank_you thx hey hi hello ok okay now currently right_now at_the_moment as per about around roughly approximately
        approx ca ca. circa some any all total in_total overall altogether me show tell give get let list display see know want need
        like what what's whats what’s which who's how how's when when's where where's where's much many long far then than too also
        per by up into from over out not_yet yet still actually really exactly quick question quickly kindly under_it them they
        their he she his her one ones kind sort thing things stuff way us us. everything whole entire across w/ via using use used_to
        get_me show_me tell_me give_me let's lets let_me i'd i'm i've we're we've we'd we'll you'd us? vs versus against compared
        team's company company's business ours' does_it do_we did_we are_we have_we can_we will_we should_we it's that's there's
        agentforce salesforce agentcost sf looking look work works going gonna wanna gotta if_we so_far to_date fyi btw figure figures
        number numbers amount amounts data breakdown view report details detail chart graph table curve line summary-free
        current between before_and client client's kunde's mandantin volumen volume mix scale r u ur cost_curve set get_us month's week's year's quarter's based basis well e.g. i.e. say said assume assuming suppose model scenario case
        der die das den dem des ein eine einen einem einer eines und oder wir uns unser unsere unseren unserem unserer ich mir mich sie
        er es ihr ihre man in im an am auf aus bei mit nach von vom vor zu zum zur für über unter um durch bis ab als wie so da dann
        noch schon auch nur mal bitte danke hallo guten tag moin servus grüezi jetzt gerade aktuell derzeit momentan denn doch eigentlich
        was wer wo wann warum wieviel wie_viel wie_viele wieviele wie_hoch hoch welche welcher welches welchen ist sind war waren wäre
        wären sein hat haben hatte hatten habe wird werden würde würden kann können könnte könnten soll sollen sollte sollten muss
        müssen will wollen möchte möchten gibt gib geben zeig zeige zeigen zeigt nenn nenne sag sagen mach machen macht brauche
        brauchen bräuchte etwa ungefähr rund circa zirka insgesamt gesamt gesamte gesamten alle allen aller alles jede jeder jedes
        unsere eigenen meine mein meinen pro je das_ganze bereits bisher bislang derzeitige aktuelle aktuellen genau denn kurz
        anzeigen auflisten darstellen berechnen kalkulieren anschauen ansehen sehen hätte hätten gerne gern sich davon dafür daran darauf darin damit würden lass übersicht auswertung aufstellung zahlen bericht
        fallen anfallen entstehen kommt kommen auf_uns dabei ergibt rechnen gerechnet ausrechnen bei_uns rechne hochgerechnet"""
    )
)

# Said of a number, these bound it; a bound is content and is never dropped.
BOUNDS = frozenset(_words("under more_than less_than at_least at_most fewer_than up_to above below mehr_als weniger_als mindestens höchstens unter exceeding"))

# Content that changes a meaning and that no command can say: never a function word.
NEGATIONS = frozenset(_words("not without except excluding excl no none never isn't aren't don't doesn't won't ohne außer ausser nicht kein keine keinen exklusive minus besides"))

COST_FAMILY = {
    "compare": 2, "recommend": 1, "price": 1, "breakeven": 1, "usage": 1, "tco": 1, "sandbox": 1, "plan purchase": 1, "forecast": 1,
    "variance": 1, "negotiate": 1, "convert": 1, "portfolio": 1, "pilot": 1, "wallet": 0, "use cases": 0, "users": 0, "dear": 1,
    "prices": 0, "explain": 0,
}  # fmt: skip

# For which commands a word speaks that no slot has taken and that is no intent: `credits` in "how many credits are left".
# A unit that is left over for any other command would be dropped, so that command is not what was asked.
WALLET_COMMANDS = frozenset(
    ("wallet", "usage", "forecast", "variance", "alerts", "reconcile", "users", "sandbox", "dear", "actions", "pilot", "digests", "scorecard")
)
PRICE_COMMANDS = frozenset(("compare", "recommend", "price", "breakeven", "plan purchase", "negotiate", "convert", "tco", "portfolio", "use cases", "prices", "explain"))
LEFT_OVER: Mapping[str, frozenset[str]] = {
    "unit:credits": WALLET_COMMANDS | PRICE_COMMANDS,
    "unit:actions": PRICE_COMMANDS | {"actions", "dear", "pilot"},
    "unit:interactions": PRICE_COMMANDS,
    "unit:calls": PRICE_COMMANDS,
    "unit:tickets": PRICE_COMMANDS,
    "unit:users": frozenset(("users", "breakeven", "compare", "recommend", "convert", "price")),
    "until": frozenset(("breakeven",)),
    "unit:packs": frozenset(("plan purchase", "price", "prices")),
    "unit:agents": frozenset(("usage", "actions")),  # in the plural
    "each_period:day": frozenset(("wallet",)),
    "each_period:month": PRICE_COMMANDS | {"wallet", "forecast", "sandbox"},
    "each_period:year": PRICE_COMMANDS | {"wallet", "forecast", "sandbox"},
    "period:month": PRICE_COMMANDS | {"wallet", "forecast"},
    "period:year": PRICE_COMMANDS | {"wallet", "forecast"},
    "top": frozenset(("usage",)),
    "which": WALLET_COMMANDS | PRICE_COMMANDS,
    "price_word": PRICE_COMMANDS,
    "cost_word": WALLET_COMMANDS | PRICE_COMMANDS,
    "discount": frozenset(("negotiate",)),
    "do": WALLET_COMMANDS | PRICE_COMMANDS,
    "by": WALLET_COMMANDS | PRICE_COMMANDS,
    "per_interaction": frozenset(("breakeven", "use cases")),
}

INTENTS: tuple[tuple[str, Mapping[str, float]], ...] = (
    ("cost costs costing kosten kostet kostete pay paid paying zahlen zahlt bezahlen bezahlt gezahlt expense expenses ausgabe charge charged",
     COST_FAMILY),
    ("money dollars geld usd dollar $", {**COST_FAMILY, "wallet": 1}),
    ("price preis pricing quote angebot price_out priced preisvergleich kostenpunkt how_expensive estimate",
     {"price": 2, "compare": 2, "recommend": 1, "prices": 1, "breakeven": 0, "use cases": 0, "explain": 0, "tco": 0}),
    ("buy kaufen purchase beschaffen einkaufen zukaufen nachkaufen bestellen order",
     {"plan purchase": 3, "price": 2, "forecast": 0}),
    ("compare comparison vergleich vergleiche vergleichen gegenüberstellung compares comparing vs versus", {"compare": 4, "recommend": 1, "usage": 0, "breakeven": 0, "variance": 1, "sandbox": 0}),
    ("cheapest cheaper cheap least_expensive günstiger günstigste günstigsten günstigster billiger billigste billigsten lower_cost",
     {"compare": 3, "recommend": 3, "breakeven": 1, "users": 1}),
    ("save saves saving savings saved sparen spart ersparnis einsparung einsparungen moving move switching switch wechsel wechseln umstieg",
     {"compare": 2, "recommend": 2, "negotiate": 0, "pilot": 1}),
    ("best better right_plan best_plan recommend recommendation recommended which_plan what_plan welcher_plan welches_modell empfehlung empfiehlst empfehlen "
     "pricing_model plan plans option options model_is modell modelle go_with choose pick wählen",
     {"recommend": 2, "compare": 2, "plan purchase": 0.5, "wallet": 0, "price": 0, "forecast": 0}),
    ("worth lohnt lohnen worthwhile rentiert pay_off pays_off payoff pay_for_itself sich_lohnen makes_sense make_sense",
     {"breakeven": 3, "recommend": 1, "users": 1}),
    ("breakeven break-even break_even brake_even break_evens breakevens crossover crossover_point cross_over schnittpunkt gewinnschwelle breakpoint "
     "tipping_point rentabilitätsschwelle break-even-punkt break_even_point kipppunkt",
     {"breakeven": 6, "explain": 0}),
    ("license_everyone license_all license lizenzieren licensing lizenzierung giving give geben", {"breakeven": 1, "compare": 1, "recommend": 1}),
    ("left remaining balance guthaben kontostand restguthaben verfügbar available übrig remain remains sitting rest_credits have_left "
     "verbleibend verbleiben verbleibende restbestand stand still_have saldo",
     {"wallet": 5, "forecast": 0.5}),
    ("wallet pool konto digital_wallet", {"wallet": 3, "reconcile": 0, "forecast": 0, "usage": 0, "alerts": 0}),
    ("granted bought gekauft purchased entitlement entitlements contract vertrag contracted kontingent allowance vertragsvolumen",
     {"wallet": 2, "forecast": 1, "plan purchase": 0, "negotiate": 0, "reconcile": 0}),
    ("pace ahead behind on_track on_plan term linear burn-down burndown im_plan auf_kurs über_plan laufzeit plan_or",
     {"wallet": 4, "forecast": 1}),
    ("share used_up aufgebraucht percent_used used_so_far prozent_verbraucht", {"wallet": 3, "usage": 1.5}),
    ("used use uses usage consumed consume consumes consumption verbrauch verbraucht verbrauchen verbräuche genutzt nutzung nutzt nutzen utilization "
     "utilisation auslastung creditverbrauch ran happened",
     {"usage": 3, "wallet": 2, "forecast": 0.5, "users": 0, "variance": 0.5, "sandbox": 0.5, "reconcile": 0, "dear": 0, "pilot": 0, "actions": 0}),
    ("spend spent spending ausgaben ausgegeben ausgeben spender spenders spends spendet burn burned burning burnt burns cost_us gekostet drain consumer consumers",
     {"usage": 3, "wallet": 1.5, "forecast": 0.5, "variance": 0.5, "sandbox": 0.5}),
    ("burn_rate burnrate run_rate average_daily avg_daily average_burn avg_burn verbrauchsrate",
     {"wallet": 3, "usage": 2.5, "forecast": 0.5}),
    ("anteil shares proportion split aufteilung verteilung distribution trend trends verlauf entwicklung over_time trending zeitverlauf", {"usage": 3, "forecast": 0.5}),
    ("average avg mean durchschnitt durchschnittlich durchschnittliche typical", {"actions": 0.5, "usage": 0.5, "wallet": 0.5, "compare": 0, "recommend": 0, "price": 0, "use cases": 1}),
    ("run_out running_out runs_out ran_out run_dry runway ausgehen ausgeht gehen_aus last_us last_until reicht reichen enough genug ausreichend how_long aufgebraucht_sein zu_ende "
     "exhausted depleted depletion deplete runs_dry run_short make_it leer empty out_of_credits out_of will_we_last gone alle_sind gehen geht aus_gehen lasts suffice sufficient cover",
     {"forecast": 5, "wallet": 1}),
    ("forecast forecasts prognose prognosen projection projected project vorhersage vorhersagen hochrechnung predict prediction outlook expect expected erwartet voraussichtlich "
     "vorausschau ausblick will_use will_burn will_spend projections erwarten",
     {"forecast": 6}),
    ("range bandbreite spanne confidence_interval uncertainty", {"forecast": 1, "compare": 0}),
    ("expire expires expiring expiry unused verfallen verfällt ungenutzt verfall go_to_waste waste wasted lapse lose",
     {"forecast": 4, "wallet": 3}),
    ("renew renewing commit committing commitment zusagen verpflichten packs how_many_packs pre-purchase_how reserve bevorraten",
     {"plan purchase": 4, "forecast": 0.5}),
    ("alert alerts warning warnings warnung warnungen alarm alarme notification notifications benachrichtigung benachrichtigungen thresholds threshold schwelle schwellen "
     "schwellenwerte fired triggered ausgelöst breached anomalies meldungen hinweise",
     {"alerts": 6}),
    ("open offen offene offenen acknowledged snoozed recovered active", {"alerts": 1}),
    ("why warum weshalb wieso reason grund cause drivers treiber driver went_up increase_in driving woran explains",
     {"variance": 4, "explain": 1.5}),
    ("expensive teuer more_expensive went_up gone_up jumped jump spiked spike rose up_on anstieg gestiegen höher higher increase increased mehr more up teurer",
     {"variance": 2, "usage": 0, "compare": 0, "alerts": 0.5}),
    ("variance abweichung abweichungen deviation difference unterschied veränderung change changed changes delta",
     {"variance": 4, "usage": 2, "reconcile": 1}),
    ("month_before week_before vs_last month_over_month week_over_week mom wow vormonatsvergleich", {"usage": 0, "variance": 2}),
    ("reconcile reconciliation tie_out tie match matches matching verify verification abgleich abgleichen stimmen stimmt überein übereinstimmen abstimmen check_against totals "
     "daily_totals complete vollständig salesforce_totals add_up provisional vorläufig audit",
     {"reconcile": 4, "wallet": 0}),
    ("events event tagessummen statement", {"reconcile": 1}),
    ("negotiate negotiation negotiating verhandeln verhandlung verhandlungsspielraum leverage ask_for concessions bargain verhandlungspunkte",
     {"negotiate": 6, "breakeven": 0.1, "use cases": 0}),
    ("convert conversion umwandeln umrechnen converting exchange tauschen swap umtauschen flex_agreement trade_in", {"convert": 6}),
    ("tco total_cost_of_ownership on_top hidden_costs gesamtkosten nebenkosten versteckte_kosten hidden add add_on_top hinzu zusätzlich additional build develop maintain",
     {"tco": 4}),
    ("support", {"tco": 1}),
    ("pilot pilotphase piloten proof_of_concept poc trial", {"pilot": 5}),
    ("portfolio", {"portfolio": 6}),
    ("explain erkläre erklären erklär explanation source quelle where_does come_from comes_from origin herkunft definition define means mean_by bedeutet meaning how_is calculated berechnet wieso_sind",
     {"explain": 5}),
    ("rate rates card rate_card price_list prices preise preisliste price_book pricebook list_prices listenpreise tarif tarife preisbuch current_prices rate_sheet list_rates",
     {"prices": 4, "explain": 0.5}),
    ("dates date datum valid", {"prices": 1}),
    ("editions edition", {"prices": 3}),
    ("help hilfe hilf commands befehle examples beispiele can_you_do kannst_du what_can_i_ask fragen instructions anleitung",
     {"help": 5}),
    ("overhead token_overhead multi_action dear mehrfach teure_aktionen", {"dear": 5}),
    ("tests testing test testen", {"sandbox": 2}),
    ("digest digests weekly_digest wochenbericht", {"digests": 5}),
    ("light heavy light_users heavy_users power_users low_usage idle inactive wenignutzer vielnutzer", {"users": 3}),
    ("scorecard accuracy forecast_accuracy how_accurate treffsicherheit genauigkeit trefferquote accurate reliable", {"scorecard": 6}),
    ("who wer whom", {"usage": 2, "users": 1}),
    ("most am_meisten meisten", {"usage": 2, "users": 1, "variance": 0.5, "dear": 0.5}),
    ("how_are_we_doing how_are_we stehen_wir wo_stehen standing status stand_der_dinge how_do_we_stand doing_on state", {"wallet": 3, "alerts": 0.5}),
    ("annual yearly year", {}),
)  # fmt: skip

GREETINGS = frozenset(_words("hi hello hey yo moin hallo servus thanks thank_you thx danke cheers ? help hilfe good_morning guten_morgen what_can_you_do was_kannst_du how_does_this_work"))

# What the strict language calls a subject or topic that people ask about.
SUBJECTS: Mapping[str, str] = {
    phrase.replace("_", " "): subject
    for subject, phrases in {
        "action": "action standard_action aktion per_action credits_per_action 20_credits actions 20_credits_per_action",
        "conversation": "conversation conversations gespräch gespräche conversation_price",
        "flex credits": "flex_credits flex credits flexcredits",
        "foundations": "foundations free_credits kostenlose_credits gratis_credits",
        "payg": "payg pay-as-you-go pay_as_you_go",
        "premier": "premier premier_support",
        "overage": "overage overages mehrverbrauch",
        "edition": "editions edition",
        "actions_per_interaction": "crossover crossover_point schnittpunkt breakeven break-even",
    }.items()
    for phrase in phrases.split()
}


@cache
def phrase_tags() -> Mapping[str, frozenset[str]]:
    """Return every phrase of the tables, lower case, with its tags."""
    found: dict[str, set[str]] = {}
    for tag, phrases in TAGS.items():
        for phrase in phrases:
            found.setdefault(phrase, set()).add(tag)
    for phrase in FUNCTION_WORDS:
        found.setdefault(phrase, set()).add("function")
    for phrase in BOUNDS:
        found.setdefault(phrase, set()).add("bound")
    for phrase in NEGATIONS:
        found.setdefault(phrase, set()).add("negation")
    for words, _ in INTENTS:
        for phrase in _words(words):
            found.setdefault(phrase, set()).add("intent")
    return {phrase: frozenset(tags) for phrase, tags in found.items()}


@cache
def intents() -> Mapping[str, Mapping[str, float]]:
    """Return every intent phrase with the commands that it speaks for; one in several rows speaks for all of theirs."""
    found: dict[str, dict[str, float]] = {}
    for words, commands in INTENTS:
        for phrase in _words(words):
            mine = found.setdefault(phrase, {})
            for command, weight in commands.items():
                mine[command] = max(weight, mine.get(command, 0))
    return found


@cache
def longest_phrase() -> int:
    """Return of how many words the longest phrase is made."""
    return max(phrase.count(" ") + 1 for phrase in phrase_tags())
