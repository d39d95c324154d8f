namespace IncomingCalls.AdapterTests.Checking;

/// <summary>Something that must not be after a campaign.</summary>
internal sealed record Finding(FindingKind Kind, string Text);

/// <summary>What was found.</summary>
internal enum FindingKind
{
    /// <summary>A call has no record, several records, or one with another outcome.</summary>
    WrongRecord = 0,

    /// <summary>A person has several open items, or an item that should be closed, or none.</summary>
    WrongItem,

    /// <summary>A client did something wrong, see <see cref="Fakes.Crm.ViolationKind"/>.</summary>
    Violation,

    /// <summary>A call of a healthy portal was recorded late.</summary>
    LateRecord,

    /// <summary>A delivery has become a dead letter.</summary>
    DeadLetter,

    /// <summary>A delivery is pending although nothing is wrong any more.</summary>
    StillPending,
}
