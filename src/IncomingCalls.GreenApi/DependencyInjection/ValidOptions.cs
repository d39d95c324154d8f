using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>
/// The options as of the last change that was valid. A monitor throws at every reader while the configuration is broken; a
/// typo made while the host runs must not stop its pollers.
/// </summary>
internal sealed class ValidOptions : IDisposable
{
    private readonly IDisposable? _following;
    private volatile GreenApiOptions _value;

    public ValidOptions(IOptionsMonitor<GreenApiOptions> monitor)
    {
        _value = monitor.CurrentValue;
        _following = monitor.OnChange(options => _value = options);
    }

    public GreenApiOptions Value => _value;

    public void Dispose() => _following?.Dispose();
}
