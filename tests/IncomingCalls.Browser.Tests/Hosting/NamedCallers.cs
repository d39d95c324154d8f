using System.Text.Json;
using IncomingCalls.Testing;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>Places calls from callers with names.</summary>
internal static class NamedCallers
{
    private const long FirstNumber = 70000000101;

    /// <summary>Places a call from a caller with this name. The same name has the same number.</summary>
    public static SimulatedCall PlaceCallFrom(this SimulatedInstance instance, string name, Action<SimulatedCallOptions>? configure = null)
    {
        var known = instance.Contacts.FirstOrDefault(contact => contact.Value.Name == name).Key;
        var chatId = known ?? $"{FirstNumber + instance.Contacts.Count}@c.us";
        instance.Contacts[chatId] = new() { Name = name };
        return instance.PlaceCall(chatId, configure);
    }

    /// <summary>Places a call that rang some time ago for a while, and ended with a status.</summary>
    public static void PlacePastCallFrom(this SimulatedInstance instance, string name, TimeSpan ago, TimeSpan ring, string status)
    {
        var call = instance.PlaceCallFrom(name, options => options.TimestampShift = -ago).Ring();
        instance.PlaceCall(call.From, options => (options.IdMessage, options.TimestampShift) = (call.IdMessage, ring - ago)).Send(status);
    }

    /// <summary>Ends all calls that are still ringing.</summary>
    public static void EndRingingCalls(this SimulatedInstance instance)
    {
        var calls = instance.History.Select(Read).GroupBy(notification => notification.IdMessage).ToArray();
        foreach (var call in calls.Where(call => call.All(notification => notification.Status == "offer")))
        {
            instance.PlaceCall(call.First().From, options => options.IdMessage = call.Key).Decline();
        }
    }

    private static (string IdMessage, string From, string Status) Read(SimulatedNotification notification)
    {
        using var json = JsonDocument.Parse(notification.Body);
        string Text(string property) => json.RootElement.GetProperty(property).GetString()!;
        return (Text("idMessage"), Text("from"), Text("status"));
    }
}
