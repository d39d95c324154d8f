using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Simulate;

/// <summary>A quirk of the simulator by the name that one types.</summary>
internal sealed class Quirk
{
    private Quirk(string name, string what, CallQuirks calls = CallQuirks.None, GatewayQuirks gateway = GatewayQuirks.None) =>
        (Name, Description, Calls, Gateway) = (name, what, calls, gateway);

    public static IReadOnlyList<Quirk> All { get; } =
    [
        new("classic", "no statuses and no outcomes, as until 2023", CallQuirks.Classic),
        new("hangup", "a refusal is spelled hangUp", CallQuirks.HangUp),
        new("lid", "callers by linked id, without a number", CallQuirks.Lid),
        new("wrong-from", "the outcome names the called account", CallQuirks.WrongFrom),
        new("duplicates", "every notification twice", CallQuirks.Duplicates),
        new("reordered", "the outcome before the offer", CallQuirks.Reordered),
        new("lost-outcome", "no outcomes", CallQuirks.LostOutcome),
        new("own-call", "calls of the account itself", CallQuirks.OwnCall),
        new("empty-polls", "every other poll finds nothing", gateway: GatewayQuirks.EmptyPolls),
        new("slow", "everything two seconds late", gateway: GatewayQuirks.Slow),
        new("errors", "every third request fails", gateway: GatewayQuirks.Errors),
    ];

    public string Name { get; }

    public string Description { get; }

    public CallQuirks Calls { get; }

    public GatewayQuirks Gateway { get; }

    public static Quirk? Find(string name) => All.FirstOrDefault(quirk => quirk.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
