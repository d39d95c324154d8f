using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Shared;

/// <summary>
/// Provides the options of the last valid configuration. While the configuration is invalid, an options monitor throws for every
/// reader; an invalid change at run time must not cause the loss of calls. The same applies when a configuration file is missing or empty.
/// </summary>
internal sealed partial class LastKnownGoodOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions> : IDisposable
    where TOptions : class
{
    private readonly IOptionsFactory<TOptions> _factory;
    private readonly ConfigurationSources _sources;
    private readonly ILogger _logger;
    private readonly IDisposable[] _subscriptions;
    private volatile TOptions? _current;

    public LastKnownGoodOptions(
        IOptionsFactory<TOptions> factory,
        IEnumerable<IOptionsChangeTokenSource<TOptions>> changes,
        IEnumerable<BoundSection<TOptions>> bound,
        ILogger<LastKnownGoodOptions<TOptions>> logger,
        IConfiguration? configuration = null)
    {
        _factory = factory;
        _sources = new(configuration, [.. bound.Select(section => section.Section.Path)]);
        _sources.Remember();
        _logger = logger;
        _subscriptions = [.. changes.Select(source => ChangeToken.OnChange(source.GetChangeToken, Reload))];
    }

    /// <summary>Raised after each valid change, with the new options.</summary>
    public event Action<TOptions>? Changed;

    /// <summary>The current options. Created on first use, so that invalid options at startup are reported by the validation of the host and not by the constructor of a service.</summary>
    public TOptions CurrentValue => _current ??= _factory.Create(Options.DefaultName);

    public void Dispose() => Array.ForEach(_subscriptions, subscription => subscription.Dispose());

    private void Reload()
    {
        if (_sources.FindEmptied() is { } emptied)
        {
            InvalidChangeIgnored(_logger, $"{emptied} has no values any more: its file is missing, empty or unreadable. Restore it, or restart the host if it was removed on purpose.");
            return;
        }

        TOptions current;
        try
        {
            _current = current = _factory.Create(Options.DefaultName);
            _sources.Remember();
        }
        catch (OptionsValidationException e)
        {
            InvalidChangeIgnored(_logger, e.Message);
            return;
        }

        Changed?.Invoke(current);
    }

    [LoggerMessage(900, LogLevel.Error, "Ignoring an invalid configuration change; keeping the last valid options. {Problem}")]
    private static partial void InvalidChangeIgnored(ILogger logger, string problem);
}
