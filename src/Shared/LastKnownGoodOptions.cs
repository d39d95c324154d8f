using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Shared;

/// <summary>
/// The options as of the last change that was valid. While a configuration is broken an options monitor throws at every reader;
/// a typo made while the host runs must not cost calls.
/// </summary>
internal sealed partial class LastKnownGoodOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions> : IDisposable
    where TOptions : class
{
    private readonly IOptionsFactory<TOptions> _factory;
    private readonly ILogger _logger;
    private readonly IDisposable[] _subscriptions;
    private volatile TOptions? _current;

    public LastKnownGoodOptions(IOptionsFactory<TOptions> factory, IEnumerable<IOptionsChangeTokenSource<TOptions>> sources, ILogger<LastKnownGoodOptions<TOptions>> logger)
    {
        _factory = factory;
        _logger = logger;
        _subscriptions = [.. sources.Select(source => ChangeToken.OnChange(source.GetChangeToken, Reload))];
    }

    /// <summary>Raised after each valid change, with the options from then on.</summary>
    public event Action<TOptions>? Changed;

    /// <summary>Made when first asked for: a mistake at the start is told by the host's validation, not by whoever is constructed first.</summary>
    public TOptions CurrentValue => _current ??= _factory.Create(Options.DefaultName);

    public void Dispose() => Array.ForEach(_subscriptions, following => following.Dispose());

    private void Reload()
    {
        TOptions current;
        try
        {
            _current = current = _factory.Create(Options.DefaultName);
        }
        catch (OptionsValidationException e)
        {
            LogInvalidChange(_logger, e.Message);
            return;
        }

        Changed?.Invoke(current);
    }

    [LoggerMessage(900, LogLevel.Error, "The changed configuration is not used, and the options before it stay in force: {Problem}")]
    private static partial void LogInvalidChange(ILogger logger, string problem);
}
