"""The words that columns, tables and codes usually go by, and what people read in their place, in both languages.

Names are compared in small letters, without accents, their parts joined by `_`: `DateNaissance` is `date_naissance`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.domain.languages import Text


class Role(StrEnum):
    """What a column is about, as far as correcting, erasing and showing it differ."""

    EMAIL = "email"
    SECRET = "secret"  # noqa: S105 - a role, no secret
    PHONE = "phone"
    IP = "ip"
    NAME = "name"
    PLACE = "place"
    LANGUAGE = "language"
    BIRTH = "birth"
    IDENTIFIER = "identifier"
    SENSITIVE = "sensitive"
    CONSENT = "consent"
    CHOICE = "choice"
    DATE = "date"
    FREE_TEXT = "free_text"
    INTERNAL_NOTE = "internal_note"
    NUMBER = "number"
    PLAIN = "plain"


_COLUMNS: tuple[tuple[Role, str, str, str], ...] = (
    (Role.EMAIL, "Adresse courriel", "E-mail address", "email e_mail mail courriel email_address mail_address adresse_courriel adresse_mail"),
    (Role.SECRET, "Mot de passe", "Password", "password passwd pwd pass user_pass password_hash password_digest encrypted_password hashed_password mot_de_passe mdp motdepasse"),
    (Role.SECRET, "Clé d’accès", "Access key", "token activation_key verification_code access_token refresh_token api_key apikey api_token auth_token session_token remember_token secret secret_key otp_secret totp_secret reset_token jeton cle_api"),
    (Role.SECRET, "Code secret", "Secret code", "pin pin_code nip salt hash digest otp backup_codes"),
    (Role.PHONE, "Téléphone", "Phone", "phone telephone tel phone_number telephone_number no_telephone numero_telephone"),
    (Role.PHONE, "Téléphone mobile", "Mobile phone", "mobile mobile_phone cell cellphone cell_phone cellulaire portable"),
    (Role.PHONE, "Télécopieur", "Fax", "fax telecopieur"),
    (Role.IP, "Adresse IP", "IP address", "ip ip_address ip_addr remote_addr remote_ip client_ip adresse_ip last_ip last_login_ip"),
    (Role.NAME, "Nom", "Name", "name full_name fullname display_name nom nom_complet customer_name client_name"),
    (Role.NAME, "Prénom", "First name", "first_name firstname given_name prenom fname"),
    (Role.NAME, "Nom de famille", "Last name", "last_name lastname surname family_name nom_famille nom_de_famille lname"),
    (Role.NAME, "Second prénom", "Middle name", "middle_name second_prenom"),
    (Role.NAME, "Nom d’utilisateur", "Username", "username user_name login user_login nom_utilisateur identifiant nickname pseudo pseudonyme handle"),
    (Role.NAME, "Entreprise", "Company", "company company_name organization organisation entreprise compagnie societe"),
    (Role.NAME, "Civilité", "Title", "salutation civilite civility"),
    (Role.PLACE, "Adresse", "Address", "address adresse street street_address address1 address_1 address_line address_line1 address_line_1 line1 rue adresse1 adresse_1 postal_address adresse_postale"),
    (Role.PLACE, "Complément d’adresse", "Address, second line", "address2 address_2 address_line2 address_line_2 line2 adresse2 adresse_2 apartment apt appartement unit suite"),
    (Role.PLACE, "Ville", "City", "city town ville municipalite municipality"),
    (Role.PLACE, "Province", "Province", "province state_province region prov"),
    (Role.PLACE, "Code postal", "Postal code", "postal_code postcode zip zip_code zipcode code_postal"),
    (Role.PLACE, "Pays", "Country", "country country_code pays code_pays"),
    (Role.PLACE, "Latitude", "Latitude", "latitude lat"),
    (Role.PLACE, "Longitude", "Longitude", "longitude lng lon"),
    (Role.LANGUAGE, "Langue", "Language", "language lang locale langue preferred_language langue_preferee culture"),
    (Role.BIRTH, "Date de naissance", "Date of birth", "birth_date birthdate date_of_birth dob birthday date_naissance date_de_naissance naissance"),
    (Role.IDENTIFIER, "Numéro d’assurance sociale", "Social insurance number", "sin nas ssn social_insurance_number numero_assurance_sociale"),
    (Role.IDENTIFIER, "Numéro d’assurance maladie", "Health insurance number", "ramq nam health_card health_insurance_number numero_assurance_maladie"),
    (Role.IDENTIFIER, "Permis de conduire", "Driver’s licence", "driver_license driver_licence licence_number permis_conduire permis_de_conduire"),
    (Role.IDENTIFIER, "Passeport", "Passport", "passport passport_number passeport"),
    (Role.IDENTIFIER, "Compte bancaire", "Bank account", "bank_account iban account_number_bank compte_bancaire"),
    (Role.IDENTIFIER, "Carte de paiement", "Payment card", "card_number credit_card carte_credit numero_carte card_last4 last4"),
    (Role.SENSITIVE, "Genre", "Gender", "gender sex sexe genre"),
    (Role.SENSITIVE, "État de santé", "Health", "health sante diagnosis diagnostic medical_notes allergies allergy medication medicaments disability handicap blood_type"),
    (Role.SENSITIVE, "Origine", "Origin", "ethnicity ethnic_origin race origine_ethnique"),
    (Role.SENSITIVE, "Religion", "Religion", "religion"),
    (Role.SENSITIVE, "Revenu", "Income", "income salary revenu salaire"),
    (Role.CONSENT, "Consentement : nouvelles", "Consent: news", "newsletter news_ok newsletter_ok subscribed infolettre accepts_marketing marketing marketing_ok marketing_opt_in marketing_consent opt_in optin email_opt_in accepte_infolettre"),
    (Role.CONSENT, "Consentement", "Consent", "consent consentement consent_given"),
    (Role.CHOICE, "État", "Status", "status state statut etat order_status payment_status"),
    (Role.CHOICE, "Type", "Type", "type kind sort category categorie sorte account_type customer_type"),
    (Role.CHOICE, "Forfait", "Plan", "plan subscription_plan forfait tier level niveau membership"),
    (Role.CHOICE, "Rôle", "Role", "role"),
    (Role.CHOICE, "Priorité", "Priority", "priority priorite"),
    (Role.CHOICE, "Devise", "Currency", "currency currency_code devise"),
    (Role.CHOICE, "Mode de paiement", "Payment method", "payment_method payment_type mode_paiement moyen_paiement"),
    (Role.CHOICE, "Méthode", "Method", "method methode"),
    (Role.CHOICE, "Voie", "Channel", "channel canal"),
    (Role.CHOICE, "Provenance", "Source", "source origin provenance"),
    (Role.DATE, "Date", "Date", "date day jour at"),
    (Role.DATE, "Date de création", "Created", "created_at created_on created date_created creation_date date_creation cree_le created_date inserted_at"),
    (Role.DATE, "Dernière modification", "Last changed", "updated_at updated_on updated modified_at modified date_modified last_modified date_modification modifie_le"),
    (Role.DATE, "Date de suppression", "Deleted", "deleted_at date_suppression"),
    (Role.DATE, "Date d’inscription", "Joined", "joined_at joined_on registered user_registered registered_at registration_date signup_date date_inscription member_since"),
    (Role.DATE, "Dernière connexion", "Last sign-in", "last_login last_login_at last_sign_in_at last_signin derniere_connexion"),
    (Role.DATE, "Première utilisation", "First used", "first_seen_at first_seen first_used_at"),
    (Role.DATE, "Dernière activité", "Last seen", "last_seen last_seen_at last_activity_at last_active_at"),
    (Role.DATE, "Date d’émission", "Date issued", "issued_at issued_on issue_date invoice_date date_emission date_facture billed_at"),
    (Role.DATE, "Échéance", "Due date", "due_at due_on due_date date_echeance echeance"),
    (Role.DATE, "Date de paiement", "Date paid", "paid_at paid_on payment_date date_paiement"),
    (Role.DATE, "Date de commande", "Date ordered", "ordered_at order_date placed_at date_commande"),
    (Role.DATE, "Date d’expédition", "Date shipped", "shipped_at ship_date date_expedition"),
    (Role.DATE, "Date d’envoi", "Date sent", "sent_at date_envoi"),
    (Role.DATE, "Date d’ouverture", "Date opened", "opened_at opened_on date_ouverture"),
    (Role.DATE, "Date de fermeture", "Date closed", "closed_at closed_on date_fermeture"),
    (Role.DATE, "Début", "Start", "started_at start_date start date_debut starts_at"),
    (Role.DATE, "Fin", "End", "ended_at end_date date_fin ends_at expires_at expiry_date date_expiration"),
    (Role.DATE, "Date et heure", "Date and time", "timestamp occurred_at requested_at logged_at happened_at datetime date_heure"),
    (Role.FREE_TEXT, "Objet", "Subject", "subject objet sujet"),
    (Role.FREE_TEXT, "Titre", "Heading", "title titre"),
    (Role.FREE_TEXT, "Message", "Message", "message body content contenu text texte"),
    (Role.FREE_TEXT, "Description", "Description", "description details libelle"),
    (Role.FREE_TEXT, "Commentaire", "Comment", "comment comments commentaire review avis"),
    (Role.FREE_TEXT, "Présentation", "About", "bio biography about biographie presentation"),
    (Role.INTERNAL_NOTE, "Note interne", "Internal note", "note notes internal_note internal_notes note_interne remarks remarques memo"),
    (Role.NUMBER, "Montant", "Amount", "amount montant"),
    (Role.NUMBER, "Montant en cents", "Amount in cents", "amount_cents total_cents montant_cents"),
    (Role.NUMBER, "Prix en cents", "Price in cents", "price_cents unit_price_cents prix_cents"),
    (Role.NUMBER, "Total", "Total", "total total_amount grand_total montant_total"),
    (Role.NUMBER, "Sous-total", "Subtotal", "subtotal sub_total sous_total"),
    (Role.NUMBER, "Taxes", "Taxes", "tax taxes tax_amount taxe tps tvq gst qst"),
    (Role.NUMBER, "Prix", "Price", "price prix unit_price prix_unitaire"),
    (Role.NUMBER, "Quantité", "Quantity", "quantity qty quantite qte"),
    (Role.NUMBER, "Solde", "Balance", "balance solde"),
    (Role.NUMBER, "Points", "Points", "points loyalty_points"),
    (Role.NUMBER, "Note donnée", "Rating", "rating score"),
    (Role.NUMBER, "Âge", "Age", "age"),
    (Role.PLAIN, "Numéro", "Number", "id number no numero reference ref code uuid guid"),
    (Role.PLAIN, "Numéro de client", "Customer number", "customer_number customer_no customer_id client_id numero_client no_client id_client"),
    (Role.PLAIN, "Numéro de compte", "Account number", "account_number account_no account_id user_id numero_compte"),
    (Role.PLAIN, "Numéro de membre", "Member number", "member_number member_no member_id numero_membre"),
    (Role.PLAIN, "Numéro de facture", "Invoice number", "invoice_number invoice_no numero_facture no_facture"),
    (Role.PLAIN, "Numéro de commande", "Order number", "order_number order_no numero_commande no_commande"),
    (Role.PLAIN, "Ligne", "Line", "line line_no line_number position rank ligne no_ligne"),
    (Role.PLAIN, "Article", "Item", "item product product_name article produit sku"),
    (Role.PLAIN, "Navigateur", "Browser", "browser navigateur"),
    (Role.PLAIN, "Système d’exploitation", "Operating system", "os operating_system systeme_exploitation"),
    (Role.PLAIN, "Logiciel utilisé", "Software used", "user_agent useragent"),
    (Role.PLAIN, "Appareil", "Device", "device device_name device_id appareil"),
    (Role.PLAIN, "Adresse consultée", "Address visited", "path uri page request_path"),
    (Role.PLAIN, "Fichier", "File", "file file_name filename fichier nom_fichier attachment"),
    (Role.PLAIN, "Photo", "Picture", "photo picture avatar image"),
    (Role.PLAIN, "Site Web", "Website", "url website site_web web_site homepage"),
    (Role.PLAIN, "Actif", "Active", "active is_active enabled actif"),
)  # fmt: skip
"""Each thing: what it is about, its words in French and in English, and the names it goes by."""

COLUMNS: Mapping[str, tuple[Role, Text]] = {
    name: (role, Text(fr=french.replace(" :", "\N{NO-BREAK SPACE}:"), en=english))
    for role, french, english, names in _COLUMNS
    for name in names.split()
}

QUALIFIERS: Mapping[str, Text] = {
    name: Text(fr=french, en=english)
    for french, english, names in (
        ("facturation", "billing", "billing bill facturation"),
        ("livraison", "shipping", "shipping ship delivery livraison"),
        ("domicile", "home", "home domicile maison"),
        ("travail", "work", "work office travail bureau"),
        ("urgence", "emergency", "emergency urgence"),
        ("personne-ressource", "contact", "contact"),
        ("autre", "other", "alternate alternative secondary other backup autre"),
        ("ancien", "former", "old previous former ancien"),
    )
    for name in names.split()
}
"""What stands before a name and makes it more precise: `billing_city`."""


class Theme(StrEnum):
    """What kind of information a table is about."""

    ACCOUNT = "account"
    ADDRESSES = "addresses"
    ORDERS = "orders"
    BILLING = "billing"
    SUPPORT = "support"
    USAGE = "usage"
    TECHNICAL = "technical"
    COMMUNICATIONS = "communications"
    PREFERENCES = "preferences"
    HEALTH = "health"


THEMES: Mapping[Theme, Text] = {
    Theme.ACCOUNT: Text(fr="Renseignements du compte", en="Account information"),
    Theme.ADDRESSES: Text(fr="Coordonnées", en="Contact details"),
    Theme.ORDERS: Text(fr="Commandes", en="Orders"),
    Theme.BILLING: Text(fr="Facturation", en="Billing"),
    Theme.SUPPORT: Text(fr="Échanges avec le soutien", en="Exchanges with support"),
    Theme.USAGE: Text(fr="Données d’utilisation", en="Usage data"),
    Theme.TECHNICAL: Text(fr="Données techniques", en="Technical data"),
    Theme.COMMUNICATIONS: Text(fr="Communications", en="Communications"),
    Theme.PREFERENCES: Text(fr="Préférences", en="Preferences"),
    Theme.HEALTH: Text(fr="Santé", en="Health"),
}

TABLES: Mapping[str, Theme] = {
    name: theme
    for theme, names in (
        (Theme.ACCOUNT, "profile account_detail user_detail customer_detail profil fiche"),
        (Theme.ADDRESSES, "address contact_detail phone telephone email adresse coordonnee"),
        (Theme.ORDERS, "order purchase cart basket shipment delivery subscription booking reservation return commande achat panier livraison abonnement"),
        (Theme.BILLING, "invoice payment bill billing receipt refund transaction charge credit_note ledger tax facture paiement recu remboursement note_credit"),
        (Theme.SUPPORT, "ticket case support_message support complaint conversation message chat reply plainte billet echange"),
        (Theme.USAGE, "log event visit view activity request api_request page_view download search history journal evenement visite activite historique"),
        (Theme.TECHNICAL, "device session sign_in login login_attempt token api_key access_token appareil connexion jeton"),
        (Theme.COMMUNICATIONS, "notification newsletter mailing email_log campaign infolettre avis envoi"),
        (Theme.PREFERENCES, "preference setting favorite favourite wishlist interest tag choice parametre favori interet"),
        (Theme.HEALTH, "patient_record medical_record prescription appointment diagnosis dossier_medical ordonnance rendez_vous"),
    )
    for name in names.split()
}  # fmt: skip
"""The theme of a table by its name in the singular, or by the last parts of it."""

PEOPLE = frozenset(
    name
    for names in (
        "customer client user account member person people contact subscriber patient student donor guest tenant citizen",
        "utilisateur compte membre personne abonne usager adherent eleve etudiant donateur locataire citoyen cliente",
    )
    for name in names.split()
)
"""Tables that hold the people an organization serves."""

WORKERS = frozenset(
    name
    for names in (
        "employee staff agent admin administrator operator worker supplier vendor partner manager",
        "employe personnel administrateur fournisseur partenaire gestionnaire",
    )
    for name in names.split()
)
"""Tables that hold others, who are not asked about here."""

CODES: Mapping[str, Text] = {
    name: Text(fr=french, en=english)
    for name, french, english in (
        ("open", "Ouvert", "Open"), ("closed", "Fermé", "Closed"), ("new", "Nouveau", "New"),
        ("pending", "En attente", "Pending"), ("active", "Actif", "Active"), ("inactive", "Inactif", "Inactive"),
        ("paid", "Payé", "Paid"), ("unpaid", "Impayé", "Unpaid"), ("due", "À payer", "Due"),
        ("overdue", "En retard", "Overdue"), ("cancelled", "Annulé", "Cancelled"), ("canceled", "Annulé", "Cancelled"),
        ("refunded", "Remboursé", "Refunded"), ("draft", "Brouillon", "Draft"), ("sent", "Envoyé", "Sent"),
        ("shipped", "Expédié", "Shipped"), ("delivered", "Livré", "Delivered"), ("returned", "Retourné", "Returned"),
        ("failed", "Échoué", "Failed"), ("done", "Terminé", "Done"), ("resolved", "Réglé", "Resolved"),
        ("in_progress", "En cours", "In progress"), ("invoice", "Facture", "Invoice"), ("quote", "Soumission", "Quote"),
        ("credit", "Crédit", "Credit"), ("debit", "Débit", "Debit"), ("cash", "Argent comptant", "Cash"),
        ("card", "Carte", "Card"), ("cheque", "Chèque", "Cheque"), ("free", "Gratuit", "Free"),
        ("low", "Basse", "Low"), ("normal", "Normale", "Normal"), ("high", "Haute", "High"), ("urgent", "Urgente", "Urgent"),
        ("fr", "Français", "French"), ("en", "Anglais", "English"), ("cad", "Dollar canadien", "Canadian dollar"),
        ("usd", "Dollar américain", "US dollar"), ("eur", "Euro", "Euro"), ("email", "Courriel", "E-mail"),
        ("phone", "Téléphone", "Phone"), ("web", "Site Web", "Website"), ("home", "Domicile", "Home"),
        ("work", "Travail", "Work"), ("billing", "Facturation", "Billing"), ("shipping", "Livraison", "Shipping"),
    )
}  # fmt: skip
"""Codes by their small letters; the language of a tag such as `fr-CA` is found by its first part."""
