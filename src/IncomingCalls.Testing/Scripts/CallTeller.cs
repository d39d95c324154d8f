namespace IncomingCalls.Testing;

/// <summary>Tells what happens to one call: puts notifications into the queue of its instance, as odd as the quirks want them.</summary>
internal sealed class CallTeller(SimulatedInstance instance, string idMessage, string? from, SimulatedCallOptions options, TimeProvider time)
{
    private const string Offer = "offer";

    private readonly CallQuirks _quirks = instance.CallQuirks | options.Quirks;
    private readonly List<ReadOnlyMemory<byte>> _keptBack = [];
    private ReadOnlyMemory<byte>? _last;
    private bool _hasBegun;
    private bool _hasOutcome;

    public void Tell(string? status)
    {
        _hasBegun = true;
        var isOutcome = status is not (null or Offer);
        if (isOutcome && (Has(CallQuirks.Classic) || Has(CallQuirks.LostOutcome)))
        {
            return;
        }

        _hasOutcome |= isOutcome;
        var body = WireJson.Call(instance, new()
        {
            IdMessage = idMessage,
            From = Name(From(isOutcome)),
            Status = Spell(status),
            At = time.GetUtcNow() + options.TimestampShift,
            IsVideo = options.IsVideo,
            Participants = options.Participants?.Select(participant => Name(participant)!).ToArray(),
        });
        _last = body;
        Pass(body);
    }

    /// <summary>Tells the last news again; nothing, where a quirk kept them quiet.</summary>
    /// <exception cref="InvalidOperationException">Nothing has happened yet.</exception>
    public void Repeat()
    {
        if (!_hasBegun)
        {
            throw new InvalidOperationException("There is nothing to repeat: let the call ring, or end, first.");
        }

        if (_last is { } body)
        {
            Pass(body);
        }
    }

    private bool Has(CallQuirks quirk) => _quirks.HasFlag(quirk);

    private string? From(bool isOutcome) =>
        Has(CallQuirks.OwnCall) ? instance.Wid
        : !isOutcome ? from
        : options.OutcomeFrom ?? (Has(CallQuirks.WrongFrom) ? instance.Wid : from);

    private string? Name(string? chatId) => instance.NameOnTheWire(chatId, asLid: Has(CallQuirks.Lid));

    private string? Spell(string? status) => status switch
    {
        Offer when Has(CallQuirks.Classic) => null,
        "hungUp" when Has(CallQuirks.HangUp) => "hangUp",
        _ => status,
    };

    private void Pass(ReadOnlyMemory<byte> body)
    {
        if (Has(CallQuirks.Reordered) && !_hasOutcome)
        {
            _keptBack.Add(body);
            return;
        }

        Enqueue(body);
        _keptBack.ForEach(Enqueue);
        _keptBack.Clear();
    }

    private void Enqueue(ReadOnlyMemory<byte> body)
    {
        for (var i = 0; i < (Has(CallQuirks.Duplicates) ? 2 : 1) && instance.TellsCalls; i++)
        {
            instance.Enqueue(body);
        }
    }
}
