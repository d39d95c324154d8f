using BenchmarkDotNet.Attributes;
using IncomingCalls.LoadTests;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Benchmarks;

/// <summary>Who may post: the header of every request against the tokens that are known.</summary>
[MemoryDiagnoser]
public class TokenCheck
{
    private static readonly StringValues Right = $"Bearer {LoadServer.Token}";
    private static readonly StringValues Other = $"Bearer {LoadServer.Token[1..]}";
    private static readonly StringValues Wrong = "Bearer nobody's";

    private readonly KnownTokens _tokens = new([LoadServer.Token, LoadServer.Token[1..]], []);
    private bool _turn;

    [Benchmark(Baseline = true)]
    public object? SameAsBefore() => _tokens.Find(Right);

    [Benchmark]
    public object? InTurns() => _tokens.Find((_turn = !_turn) ? Right : Other);

    [Benchmark]
    public object? Unknown() => _tokens.Find(Wrong);
}
