using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Simulate;

/// <summary>A quirk of the simulator with the name that is typed on the command line.</summary>
internal sealed class Quirk
{
    private Quirk(string name, string description, CallQuirks calls = CallQuirks.None, GatewayQuirks gateway = GatewayQuirks.None) =>
        (Name, Description, Calls, Gateway) = (name, description, calls, gateway);

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
        new("empty-polls", "every other poll is empty", gateway: GatewayQuirks.EmptyPolls),
        new("slow", "every response and every post is two seconds late", gateway: GatewayQuirks.Slow),
        new("errors", "every third request fails", gateway: GatewayQuirks.Errors),
    ];

    public string Name { get; }

    public string Description { get; }

    public CallQuirks Calls { get; }

    public GatewayQuirks Gateway { get; }

    public static Quirk? Find(string name) => All.FirstOrDefault(quirk => quirk.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
