using System.ComponentModel.DataAnnotations;
using IncomingCalls.Shared;

namespace IncomingCalls.Tests.Shared;

public class NumberRangeAttributeTests
{
    private const long Max = 10L * 1024 * 1024 * 1024;

    private readonly NumberRangeAttribute _range = new(1, Max);

    public static TheoryData<object?> ValidValues => new(1, 1L, 100, Max, null);

    public static TheoryData<object> InvalidValues => new(0, -1, int.MinValue, Max + 1, long.MaxValue);

    [Theory]
    [MemberData(nameof(ValidValues))]
    public void GetValidationResult_WithinTheRange_Succeeds(object? value) =>
        _range.GetValidationResult(value, CreateContext()).Should().Be(ValidationResult.Success);

    [Theory]
    [MemberData(nameof(InvalidValues))]
    public void GetValidationResult_OutOfRange_NamesTheValueAndTheRange(object value) =>
        _range.GetValidationResult(value, CreateContext())!.ErrorMessage.Should().Be($"IncomingCalls.MaxBytes is {value}. Write a number from 1 to 10737418240.");

    private static ValidationContext CreateContext() => new(new(), "IncomingCalls.MaxBytes", serviceProvider: null, items: null);
}
