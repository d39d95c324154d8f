namespace IncomingCalls.CrashTests;

/// <summary>
/// The expected events and outcome of a call under the scenario AllStatuses, computed from the documented rules. On purpose it uses no code of
/// the product, whose errors would otherwise be expected here.
/// </summary>
internal sealed class ExpectedCall
{
    private readonly List<ExpectedEvent> _events = [];

    /// <param name="statuses">The statuses in the order of their acceptance, including duplicates; null for a notification without status.</param>
    public ExpectedCall(IEnumerable<string?> statuses)
    {
        HashSet<string> seen = [];
        var isOffered = false;
        var awaitsOutcome = false;
        foreach (var status in statuses)
        {
            var text = (status ?? "").ToLowerInvariant();
            text = text == "hangup" ? "hungup" : text;
            if (!seen.Add(text))
            {
                continue;
            }

            var (kind, outcome) = Interpret(text);
            if (kind == CallEventKind.Unrecognized)
            {
                Add(kind, text);
            }
            else if (kind == CallEventKind.Offered)
            {
                if (!isOffered && Outcome == CallOutcome.None)
                {
                    Add(kind);
                }

                isOffered = true;
                awaitsOutcome |= text == "offer" && Outcome == CallOutcome.None;
            }
            else if (outcome > Outcome)
            {
                if (awaitsOutcome && Outcome == CallOutcome.None)
                {
                    AddOutcomeUnknown(isOptional: true);
                }

                Add(kind);
                Outcome = outcome;
            }
        }

        if (awaitsOutcome && Outcome == CallOutcome.None)
        {
            AddOutcomeUnknown(isOptional: false);
            Outcome = CallOutcome.Unknown;
        }
    }

    /// <summary>The expected outcome.</summary>
    public CallOutcome Outcome { get; private set; }

    /// <summary>The expected events, in their order.</summary>
    public IReadOnlyList<ExpectedEvent> Events => _events;

    /// <summary>Gets the expected events of a handler, in their order.</summary>
    public IReadOnlyList<ExpectedEvent> EventsFor(string handler) => [.. _events.Where(expected => HandlerNames.Receives(handler, expected.Kind))];

    private static (CallEventKind Kind, CallOutcome Outcome) Interpret(string text) => text switch
    {
        "" or "offer" => (CallEventKind.Offered, CallOutcome.None),
        "missed" or "declined" => (CallEventKind.Missed, CallOutcome.Missed),
        "hungup" => (CallEventKind.Dropped, CallOutcome.Dropped),
        "pickup" => (CallEventKind.Answered, CallOutcome.Answered),
        _ => (CallEventKind.Unrecognized, CallOutcome.None),
    };

    private void Add(CallEventKind kind, string text = "") => _events.Add(new() { Kind = kind, Text = text, Position = _events.Count });

    /// <summary>Adds the event of a missing outcome. It occurs anywhere between the offer and the outcome; its order among unrecognized statuses is undefined.</summary>
    private void AddOutcomeUnknown(bool isOptional) =>
        _events.Add(new() { Kind = CallEventKind.OutcomeUnknown, Position = _events.Count, IsOptional = isOptional });
}

/// <summary>An event that a call must raise, or may raise.</summary>
internal sealed record ExpectedEvent
{
    public required CallEventKind Kind { get; init; }

    /// <summary>The text of an unrecognized status in lower case; empty for all other kinds.</summary>
    public string Text { get; init; } = "";

    /// <summary>The position among the events of the call.</summary>
    public required int Position { get; init; }

    /// <summary>Whether the event depends on how long a restart takes: the outcome timeout may pass before the outcome is accepted.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether an effect belongs to this event.</summary>
    public bool Matches(Effect effect) => effect.Kind == Kind && (Kind != CallEventKind.Unrecognized || effect.Status == Text);
}
