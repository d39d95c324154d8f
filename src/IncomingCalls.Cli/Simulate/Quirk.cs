using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Simulate;

/// <summary>A quirk of the simulator with the name that is typed on the command line.</summary>
internal sealed class Quirk
{
    private Quirk(
        string name, string description, CallQuirks calls = CallQuirks.None, GatewayQuirks gateway = GatewayQuirks.None, SimulatedState state = SimulatedState.Authorized) =>
        (Name, Description, Calls, Gateway, State) = (name, description, calls, gateway, state);

    public static IReadOnlyList<Quirk> All { get; } =
    [
        new("classic", "no statuses and no outcomes, as documented until 2023", CallQuirks.Classic),
        new("hangup", "a declined call has the status hangUp", CallQuirks.HangUp),
        new("lid", "callers have a linked id and no phone number", CallQuirks.Lid),
        new("wrong-from", "the outcome contains the called account instead of the caller", CallQuirks.WrongFrom),
        new("duplicates", "every notification is sent twice", CallQuirks.Duplicates),
        new("reordered", "the outcome is sent before the offer", CallQuirks.Reordered),
        new("lost-outcome", "no outcomes are sent", CallQuirks.LostOutcome),
        new("own-call", "the account itself placed the calls", CallQuirks.OwnCall),
        new("own-number", "notifications contain the called account instead of the caller", CallQuirks.OwnNumber),
        new("journal-other-ids", "ids in the journal are not those of the notifications", CallQuirks.JournalOtherIds),
        new("journal-hungup-for-declined", "a missed call is hungUp in the journal", CallQuirks.JournalHungUpForDeclined),
        new("journal-lid", "the journal contains linked ids", CallQuirks.JournalLid),
        new("journal-late", "calls appear in the journal two minutes later", CallQuirks.JournalLate),
        new("empty-polls", "every other poll is empty", gateway: GatewayQuirks.EmptyPolls),
        new("slow", "every response and every post is two seconds late", gateway: GatewayQuirks.Slow),
        new("errors", "every third request fails", gateway: GatewayQuirks.Errors),
        new("journal-off", "requests of the journals are forbidden", gateway: GatewayQuirks.JournalOff),
        new("logged-out", "the account is logged out, and no calls arrive", state: SimulatedState.NotAuthorized),
        new("blocked", "the messenger has blocked the account, and no calls arrive", state: SimulatedState.Blocked),
    ];

    public string Name { get; }

    public string Description { get; }

    public CallQuirks Calls { get; }

    public GatewayQuirks Gateway { get; }

    /// <summary>The state of the instances; authorized for a quirk of another kind.</summary>
    public SimulatedState State { get; }

    public static Quirk? Find(string name) => All.FirstOrDefault(quirk => quirk.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
