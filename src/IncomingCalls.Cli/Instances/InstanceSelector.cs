using Microsoft.Extensions.Configuration;

namespace IncomingCalls.Cli;

/// <summary>Which instance is meant.</summary>
internal static class InstanceSelector
{
    private const string SourcesHint =
        "give --id-instance and --token, name a --config file, or set GreenApi__Instances__0__IdInstance and GreenApi__Instances__0__ApiTokenInstance";

    /// <param name="greenApi">The section <c>GreenApi</c> of a host's configuration.</param>
    /// <param name="idInstance">The number asked for.</param>
    /// <param name="token">Its secret, which beats the configured one.</param>
    /// <param name="apiUrl">Its address, which beats the configured one.</param>
    /// <exception cref="CommandFailedException">None can be used, or it is not clear which.</exception>
    public static CallInstance Select(IConfigurationSection greenApi, long? idInstance, string? token, string? apiUrl)
    {
        var entries = Read(greenApi);
        var entry = idInstance is { } number
            ? entries.FirstOrDefault(entry => entry.IdInstance == number) ?? new() { IdInstance = number }
            : SingleEntry(entries);
        var chosen = new SelectedInstance(new GreenApiInstanceOptions
        {
            IdInstance = entry.IdInstance,
            ApiTokenInstance = token ?? entry.ApiTokenInstance,
            ApiUrl = apiUrl ?? entry.ApiUrl,
            Receive = entry.Receive,
        });
        return chosen.Instance ?? throw Unusable(
            idInstance is not null && (token ?? entry.ApiTokenInstance) is null ? $"There is no token for instance {idInstance}: {SourcesHint}." : chosen.Problem!);
    }

    /// <summary>All that are configured, those that cannot work too.</summary>
    /// <exception cref="CommandFailedException">The configuration cannot be read.</exception>
    public static IReadOnlyList<SelectedInstance> SelectAll(IConfigurationSection greenApi) => [.. Read(greenApi).Select(entry => new SelectedInstance(entry))];

    private static IList<GreenApiInstanceOptions> Read(IConfigurationSection greenApi)
    {
        var options = new GreenApiOptions();
        try
        {
            GreenApiOptionsBinder.Bind(greenApi, options);
        }
        catch (InvalidOperationException e)
        {
            throw Unusable(GreenApiOptionsBinder.CreateErrorMessage(e));
        }

        return options.Instances ?? [];
    }

    private static GreenApiInstanceOptions SingleEntry(IList<GreenApiInstanceOptions> entries) => entries switch
    {
        [] => throw Unusable($"No instance is configured: {SourcesHint}."),
        [{ BindingError: { } problem }] => throw Unusable(problem),
        [var only] => only,
        _ => throw Unusable($"Several instances are configured: choose one with --id-instance {string.Join(" or ", entries.Select(entry => entry.IdInstance))}."),
    };

    private static CommandFailedException Unusable(string sentence) => new(ExitCode.Unusable, sentence);
}
