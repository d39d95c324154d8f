using System.Text.Json;

namespace IncomingCalls;

/// <summary>How the models are written as JSON.</summary>
public static class IncomingCallsJson
{
    /// <summary>
    /// Read-only options, source-generated underneath. An <see cref="IncomingCallNotification"/> is the gateway's wire form; a
    /// <see cref="ChatId"/> is its full text; enums are their names; everything else is camelCase.
    /// </summary>
    public static JsonSerializerOptions DefaultOptions { get; } = CreateOptions();

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(IncomingCallsJsonContext.Default.Options);
        options.MakeReadOnly();
        return options;
    }
}
