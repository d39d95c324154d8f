namespace IncomingCalls.LoadTests;

/// <summary>The rates of the windows of a warm-up. They are stable once the last three differ by at most 5 %.</summary>
internal sealed class RateWindows
{
    private const int StableCount = 3;
    private const double MaxDifference = 0.05;

    private readonly Queue<double> _last = new(StableCount);

    public bool IsStable => _last.Count == StableCount && _last.Max() <= _last.Min() * (1 + MaxDifference);

    public void Add(double rate)
    {
        if (_last.Count == StableCount)
        {
            _last.Dequeue();
        }

        _last.Enqueue(rate);
    }
}
