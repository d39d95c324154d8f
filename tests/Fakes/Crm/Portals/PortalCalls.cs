namespace IncomingCalls.Fakes.Crm.Portals;

/// <summary>The call records of one portal.</summary>
internal sealed class PortalCalls(string portal, CrmPortalOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<CallRecord> _records = [];

    public IReadOnlyList<CallRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>
    /// Registers a call, or finds the record of an earlier registration. Documented (Bitrix24): the same id, phone number as it was sent and direction within the
    /// window are a repetition. Assumed: the window begins with the first registration.
    /// </summary>
    public CallRecord Register(string externalId, string phone, string direction, string contactId)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var index = _records.FindLastIndex(call => call.ExternalId == externalId && call.Phone == phone && call.Direction == direction
                && now - call.RegisteredAt < options.IdempotencyWindow
                && !(options.IdempotencyEndsWithFinish && call.Finishes.Count > 0));
            if (index >= 0)
            {
                return _records[index] = _records[index] with { RepeatCount = _records[index].RepeatCount + 1 };
            }

            // The name of the portal makes an id that is used in another portal an unknown one.
            var call = new CallRecord
            {
                Id = $"call-{portal}-{_records.Count + 1}",
                ExternalId = externalId,
                Phone = phone,
                Direction = direction,
                ContactId = contactId,
                RegisteredAt = now,
            };
            _records.Add(call);
            return call;
        }
    }

    public IReadOnlyList<CallRecord> Find(string externalId) => [.. Records.Where(call => call.ExternalId == externalId)];

    /// <summary>
    /// Adds an outcome. Documented (amoCRM): doubles are the sender's matter, so a second outcome is a second entry. Bitrix24 documents that this is not
    /// idempotent, too, but answers a second outcome with an error.
    /// </summary>
    /// <returns>The record; null for an unknown id.</returns>
    public CallRecord? Finish(string id, string outcome, int durationSeconds, string? text) =>
        Update(id, call => call with { Finishes = [.. call.Finishes, new(time.GetUtcNow(), outcome, durationSeconds, text)], Text = text ?? call.Text });

    /// <summary>Changes the outcome text. Assumed: neither Bitrix24 nor amoCRM can change a call, other CRMs can.</summary>
    /// <returns>The record; null for an unknown id.</returns>
    public CallRecord? Change(string id, string text) =>
        Update(id, call => call with { Changes = [.. call.Changes, new(time.GetUtcNow(), text)], Text = text });

    private CallRecord? Update(string id, Func<CallRecord, CallRecord> update)
    {
        lock (_gate)
        {
            var index = _records.FindIndex(call => call.Id == id);
            return index < 0 ? null : _records[index] = update(_records[index]);
        }
    }
}
