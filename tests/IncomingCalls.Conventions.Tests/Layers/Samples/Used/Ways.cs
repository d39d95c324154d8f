// Each is used in the one way that it is named after.
#pragma warning disable CA1052, CA1711, CA1716, CA1812, CA1815, CA1822

namespace IncomingCalls.Conventions.Tests.Layers.Samples.Used;

internal abstract class AsBase;

internal interface IAsInterface;

internal enum AsField;

internal interface IAsProperty;

internal delegate void AsEvent();

internal interface IAsParameter;

internal interface IAsResult;

internal interface IAsArgumentOfAGenericType;

internal interface IAsArgumentOfAGenericMethod;

internal interface IAsConstraint;

internal sealed class AsLocal
{
    public static explicit operator AsLocal(int value) => new();
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class AsAttribute(AsKind kind) : Attribute
{
    public AsKind Kind => kind;
}

internal enum AsKind : byte
{
    Other,
    Own,
}

internal interface IAsArgumentOfAnAttribute;

internal static class AsCall
{
    public static int Value() => 1;
}

internal static class AsFieldOfType
{
    public static int Value { get; set; }
}

internal sealed class AsNew;

internal sealed class AsCast;

internal sealed class AsTypeOf;

internal sealed class AsCaught : Exception;

internal static class InLambda
{
    public static int Value() => 2;
}

internal static class InAsyncMethod
{
    public static Task RunAsync() => Task.CompletedTask;
}

internal static class InIterator
{
    public static int Value() => 3;
}

internal static class InNestedType
{
    public static int Value() => 4;
}

internal static class AsOuter
{
    internal sealed class Nested;
}

internal static class AfterASwitch
{
    public static int Value() => 5;
}

internal static class NeverUsed
{
    public const string Name = nameof(Name);
}
