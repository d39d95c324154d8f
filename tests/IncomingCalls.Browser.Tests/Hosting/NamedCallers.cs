using IncomingCalls.Testing;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>Callers by their names.</summary>
internal static class NamedCallers
{
    private const long FirstNumber = 70000000101;

    /// <summary>Somebody of that name dials: the same number for the same name.</summary>
    public static SimulatedCall PlaceCallFrom(this SimulatedInstance instance, string name, Action<SimulatedCallOptions>? configure = null)
    {
        var known = instance.Contacts.FirstOrDefault(contact => contact.Value.Name == name).Key;
        var chatId = known ?? $"{FirstNumber + instance.Contacts.Count}@c.us";
        instance.Contacts[chatId] = new() { Name = name };
        return instance.PlaceCall(chatId, configure);
    }

    /// <summary>Somebody dialled some time ago, rang for a while, and ended in some way.</summary>
    public static void PlacePastCallFrom(this SimulatedInstance instance, string name, TimeSpan ago, TimeSpan ring, string status)
    {
        var call = instance.PlaceCallFrom(name, options => options.TimestampShift = -ago).Ring();
        instance.PlaceCall(call.From, options => (options.IdMessage, options.TimestampShift) = (call.IdMessage, ring - ago)).Send(status);
    }
}
