using System.ComponentModel;
using IncomingCalls.Conventions.Tests.Layers.Samples.Used;

#pragma warning disable CA1812, CA1822, CA1823, CS0067, CS0169, CS0649, IDE0044, IDE0051

namespace IncomingCalls.Conventions.Tests.Layers.Samples.Using;

[As(AsKind.Own)]
[TypeConverter(typeof(List<IAsArgumentOfAnAttribute>))]
internal sealed class Everything<T> : AsBase, IAsInterface
    where T : IAsConstraint
{
    private AsField _field;

    private event AsEvent? Happened;

    private IAsProperty? Property { get; set; }

    private IAsResult? Method(IAsParameter parameter, List<IAsArgumentOfAGenericType[]> list) => null;

    private object? Body(object value, int number)
    {
        var local = (AsLocal)number;
        try
        {
            AsFieldOfType.Value = AsCall.Value();
        }
        catch (AsCaught)
        {
            return new AsNew();
        }

        switch (number)
        {
            case 0: return Array.Empty<IAsArgumentOfAGenericMethod>();
            case 1: return value as AsCast;
            case 2: return typeof(AsTypeOf);
            case 3: return local.GetHashCode() + local.GetHashCode();
            case 4: return new AsOuter.Nested();
            default: return AfterASwitch.Value();
        }
    }

    private Func<int> Lambda(int number) => () => number + InLambda.Value();

    private async Task RunAsync() => await InAsyncMethod.RunAsync();

    private IEnumerable<int> Iterate()
    {
        yield return InIterator.Value();
    }

    private static class Nested
    {
        private static int Value() => InNestedType.Value();
    }
}
