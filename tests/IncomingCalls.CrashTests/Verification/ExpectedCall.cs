namespace IncomingCalls.CrashTests;

/// <summary>
/// What must become of a call under the scenario AllStatuses. Worked out from the design's rules alone, on purpose without any
/// code of the product: an error in that would otherwise be expected here.
/// </summary>
internal sealed class ExpectedCall
{
    private readonly List<ExpectedEvent> _events = [];

    /// <param name="statuses">The statuses in the order of their acceptance, repeats included; null for none.</param>
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

    /// <summary>How it must end.</summary>
    public CallOutcome Outcome { get; private set; }

    /// <summary>The events, in their order.</summary>
    public IReadOnlyList<ExpectedEvent> Events => _events;

    private static (CallEventKind Kind, CallOutcome Outcome) Interpret(string text) => text switch
    {
        "" or "offer" => (CallEventKind.Offered, CallOutcome.None),
        "missed" or "declined" => (CallEventKind.Missed, CallOutcome.Missed),
        "hungup" => (CallEventKind.Dropped, CallOutcome.Dropped),
        "pickup" => (CallEventKind.Answered, CallOutcome.Answered),
        _ => (CallEventKind.Unrecognized, CallOutcome.None),
    };

    private void Add(CallEventKind kind, string text = "") => _events.Add(new() { Kind = kind, Text = text, Position = _events.Count });

    /// <summary>Anywhere between the offer and the outcome; among unknown texts in between it has no place of its own.</summary>
    private void AddOutcomeUnknown(bool isOptional) =>
        _events.Add(new() { Kind = CallEventKind.OutcomeUnknown, Position = _events.Count, IsOptional = isOptional });
}

/// <summary>An event that a call must make, or may.</summary>
internal sealed record ExpectedEvent
{
    public required CallEventKind Kind { get; init; }

    /// <summary>The text of an unknown status in lower case; empty for all other kinds.</summary>
    public string Text { get; init; } = "";

    /// <summary>Its place among the events of the call.</summary>
    public required int Position { get; init; }

    /// <summary>Whether it depends on the time that a kill takes: a missing outcome may be told, or come before.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether an effect is that of this event.</summary>
    public bool Matches(Effect effect) => effect.Kind == Kind && (Kind != CallEventKind.Unrecognized || effect.Status == Text);
}
