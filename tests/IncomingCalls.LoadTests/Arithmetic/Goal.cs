using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>What a figure should be: at least, or at most.</summary>
/// <param name="Bound">The number.</param>
/// <param name="IsFloor">Whether the figure should not be below it; otherwise not above.</param>
internal readonly record struct Goal(double Bound, bool IsFloor)
{
    public static Goal AtLeast(double bound) => new(bound, IsFloor: true);

    public static Goal AtMost(double bound) => new(bound, IsFloor: false);

    public bool IsMetBy(double value) => IsFloor ? value >= Bound : value <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsFloor ? '≥' : '≤')} {Bound}");
}
