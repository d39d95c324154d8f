using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>What a figure should be: at least, or at most.</summary>
/// <param name="Bound">The number.</param>
/// <param name="IsMinimum">Whether the figure should not be below it; otherwise not above.</param>
internal readonly record struct Goal(double Bound, bool IsMinimum)
{
    public static Goal AtLeast(double bound) => new(bound, IsMinimum: true);

    public static Goal AtMost(double bound) => new(bound, IsMinimum: false);

    public bool IsMetBy(double value) => IsMinimum ? value >= Bound : value <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsMinimum ? '≥' : '≤')} {Bound}");
}
