namespace IncomingCalls.Fakes.Crm.Portals;

/// <summary>The contacts of one portal.</summary>
internal sealed class PortalContacts(string portal)
{
    private readonly Lock _gate = new();
    private readonly List<Contact> _records = [];

    public IReadOnlyList<Contact> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    public Contact Add(string phone, string? name)
    {
        lock (_gate)
        {
            return AddInLock(phone, name);
        }
    }

    public IReadOnlyList<Contact> Find(string phone) => [.. Records.Where(contact => PhoneNumbers.AreSame(contact.Phone, phone))];

    /// <summary>Returns the first contact with a phone number, which is added if there is none and the client asks for it (documented, Bitrix24: <c>CRM_CREATE</c>).</summary>
    /// <returns>The contact; null for none.</returns>
    public Contact? FindOrCreate(string phone, bool create)
    {
        lock (_gate)
        {
            return _records.Find(contact => PhoneNumbers.AreSame(contact.Phone, phone)) ?? (create ? AddInLock(phone, name: null) : null);
        }
    }

    private Contact AddInLock(string phone, string? name)
    {
        var contact = new Contact($"contact-{portal}-{_records.Count + 1}", phone, name);
        _records.Add(contact);
        return contact;
    }
}
