using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>
/// The options as of the last change that was valid. While a configuration is broken an options monitor throws at every reader;
/// a typo made while the host runs must not cost calls.
/// </summary>
internal sealed class LastValidOptions : IDisposable
{
    private readonly IOptionsFactory<IncomingCallsOptions> _factory;
    private readonly ILogger _logger;
    private readonly IDisposable[] _following;
    private volatile IncomingCallsOptions _current;

    public LastValidOptions(
        IOptionsFactory<IncomingCallsOptions> factory,
        IEnumerable<IOptionsChangeTokenSource<IncomingCallsOptions>> sources,
        ILogger<LastValidOptions> logger)
    {
        _factory = factory;
        _logger = logger;
        _current = factory.Create(Options.DefaultName);
        _following = [.. sources.Select(source => ChangeToken.OnChange(source.GetChangeToken, Follow))];
    }

    public IncomingCallsOptions CurrentValue => _current;

    public void Dispose() => Array.ForEach(_following, following => following.Dispose());

    private void Follow()
    {
        try
        {
            _current = _factory.Create(Options.DefaultName);
        }
        catch (OptionsValidationException e)
        {
            _logger.ReloadRejected(e.Message);
        }
    }
}
