using Krmx.State;
using Krmx.Testing;

namespace Krmx.Tests.Contracts;

public class BreakingChangeTests
{
    private static readonly string Committed = Describe(Quiz.Configure);

    [Fact]
    public void The_same_contract_breaks_nothing() => Assert.Empty(ContractCheck.FindBreakingChanges(Committed, Committed));

    [Fact]
    public void More_of_everything_but_events_breaks_nothing() => Assert.Empty(ContractCheck.FindBreakingChanges(Committed, Describe(room =>
    {
        Quiz.Configure(room);
        room.Sends<int>("more");
        room.OnMessage<int>("also", (_, _) => { });
        room.OnRequest("more", (KrmxUser _) => 1);
    })));

    [Fact]
    public void Less_of_anything_is_named()
    {
        IReadOnlyList<string> found = ContractCheck.FindBreakingChanges(Committed, Describe(static _ => { }));
        Assert.Contains("message 'chat/message' at /krmx is not understood any more", found);
        Assert.Contains("message 'chat/messaged' at /krmx is not sent any more", found);
        Assert.Contains("request 'seat/take' at /krmx is not understood any more", found);
        Assert.Contains("view 'board' at /krmx is not sent any more", found);
        Assert.Contains("action 'note/add' of 'board' at /krmx is not understood any more", found);
        Assert.Contains("event 'score/add' of 'score' at /krmx is not understood any more", found);
        Assert.Contains("atoms at /krmx are not shared any more", found);
    }

    [Fact]
    public void An_event_that_older_clients_do_not_know_is_named()
    {
        static void Stream(KrmxRoom room, params string[] types)
        {
            var model = new StreamModel<int>(0);
            foreach (string type in types)
                model.When(type, static (state, _) => state);
            room.AddStream("score", model);
        }
        Assert.Equal(
            ["event 'b' of 'score' at /krmx is new, so the state of older clients would lack it"],
            ContractCheck.FindBreakingChanges(Describe(room => Stream(room, "a")), Describe(room => Stream(room, "a", "b"))));
    }

    // What clients send: the server may come to understand more, never less.
    [Fact]
    public void What_is_read_may_grow() => Assert.Empty(Read<Before, Lax>());

    [Fact]
    public void A_member_that_must_be_sent_breaks() => Assert.Equal(["message 'm' at /krmx.extra must be there now"], Read<Before, Strict>());

    [Fact]
    public void A_member_that_is_read_as_something_else_breaks() => Assert.Equal(["message 'm' at /krmx.count can be integer no more"], Read<Before, OtherType>());

    [Fact]
    public void A_value_that_is_not_read_any_more_breaks() => Assert.Equal(["message 'm' at /krmx.kind can be \"b\" no more"], Read<Before, LessKinds>());

    [Fact]
    public void Null_that_is_not_read_any_more_breaks() => Assert.Equal(["message 'm' at /krmx.note can be null no more"], Read<Before, NoNull>());

    [Fact]
    public void A_part_of_a_part_is_looked_into() => Assert.Equal(["message 'm' at /krmx.parts[].x can be integer no more"], Read<Before, OtherParts>());

    // What clients are sent: the server may come to say less, never what they do not know.
    [Fact]
    public void What_is_sent_may_have_more_members() => Assert.Empty(Sent<Before, Strict>());

    [Fact]
    public void A_member_that_is_not_sent_any_more_breaks() => Assert.Equal(["message 'm' at /krmx.count may be absent now"], Sent<Before, WithoutCount>());

    [Fact]
    public void A_member_that_is_sent_as_something_else_breaks() => Assert.Equal(["message 'm' at /krmx.count can be string now"], Sent<Before, OtherType>());

    [Fact]
    public void A_value_that_clients_do_not_know_breaks() => Assert.Equal(["message 'm' at /krmx.kind can be \"c\" now"], Sent<Before, MoreKinds>());

    [Fact]
    public void Null_that_clients_do_not_expect_breaks() => Assert.Equal(["message 'm' at /krmx.note can be null now"], Sent<NoNull, Before>());

    [Fact]
    public void A_number_that_had_no_fractions_and_has_them_breaks() => Assert.Equal(["message 'm' at /krmx can be number now"], Sent<int, double>());

    [Fact]
    public void A_number_that_may_have_fractions_may_have_none() => Assert.Empty(Sent<double, int>());

    [Fact]
    public void A_member_that_is_not_read_any_more_breaks() => Assert.Equal(["message 'm' at /krmx.count is not read any more"], Read<Before, WithoutCount>());

    [Fact]
    public void A_text_that_must_be_of_a_kind_breaks() => Assert.Equal(["message 'm' at /krmx can be any text no more"], Read<string, Guid>());

    [Fact]
    public void A_dictionary_that_becomes_an_object_breaks() =>
        Assert.Equal(["message 'm' at /krmx.x must be there now", "message 'm' at /krmx can have members of any name no more"], Read<Dictionary<string, int>, Part>());

    [Fact]
    public void Another_derived_type_breaks_those_who_are_sent_it_and_nobody_else()
    {
        Assert.Equal(["message 'm' at /krmx can be object now"], Sent<One, Two>());
        Assert.Empty(Sent<Two, One>());
        Assert.Empty(Read<One, Two>());
    }

    [Fact]
    public void What_is_no_contract_is_told()
    {
        Assert.Contains("not AsyncAPI 3", Assert.Throws<FormatException>(() => ContractCheck.FindBreakingChanges("{}", Committed)).Message);
        Assert.Contains("no contract", Assert.Throws<FormatException>(() => ContractCheck.FindBreakingChanges("nonsense", Committed)).Message);
    }

    [Fact]
    public void A_committed_contract_that_is_out_of_date_says_what_to_do()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Committed);
            ContractCheck.Verify(path, Committed);
            ContractCheckException broken = Assert.Throws<ContractCheckException>(() => ContractCheck.Verify(path, Describe(static _ => { })));
            Assert.NotEmpty(broken.BreakingChanges);
            Assert.Contains("KRMX_UPDATE_CONTRACT=1", broken.Message);
            ContractCheckException outdated = Assert.Throws<ContractCheckException>(() => ContractCheck.Verify(path, Describe(static room =>
            {
                Quiz.Configure(room);
                room.Sends<int>("more");
            })));
            Assert.Empty(outdated.BreakingChanges);
            Assert.Equal(Committed, File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Describe(Action<KrmxRoom> configure) => new TestRoom(configure).DescribeContract();

    private static IReadOnlyList<string> Read<TBefore, TNow>() => ContractCheck.FindBreakingChanges(
        Describe(static room => room.OnMessage<TBefore>("m", (_, _) => { })), Describe(static room => room.OnMessage<TNow>("m", (_, _) => { })));

    private static IReadOnlyList<string> Sent<TBefore, TNow>() => ContractCheck.FindBreakingChanges(
        Describe(static room => room.Sends<TBefore>("m")), Describe(static room => room.Sends<TNow>("m")));

    [System.Text.Json.Serialization.JsonDerivedType(typeof(OneA), "a")]
    [System.Text.Json.Serialization.JsonDerivedType(typeof(OneB), "b")]
    internal abstract record One;

    internal sealed record OneA(int X) : One;

    internal sealed record OneB(int Y) : One;

    [System.Text.Json.Serialization.JsonDerivedType(typeof(TwoA), "a")]
    [System.Text.Json.Serialization.JsonDerivedType(typeof(TwoB), "b")]
    [System.Text.Json.Serialization.JsonDerivedType(typeof(TwoC), "c")]
    internal abstract record Two;

    internal sealed record TwoA(int X) : Two;

    internal sealed record TwoB(int Y) : Two;

    internal sealed record TwoC(int Y) : Two;

    internal enum Kind { A, B }

    internal enum MoreKind { A, B, C }

    internal enum LessKind { A }

    internal sealed record Part(int X);

    internal sealed record OtherPart(string X);

    internal sealed record Before(int Count, Kind Kind, string? Note, List<Part> Parts);

    internal sealed record Lax(double Count, MoreKind Kind, string? Note, List<Part> Parts, int Extra = 1);

    internal sealed record Strict(int Count, Kind Kind, string? Note, List<Part> Parts, int Extra);

    internal sealed record OtherType(string Count, Kind Kind, string? Note, List<Part> Parts);

    internal sealed record LessKinds(int Count, LessKind Kind, string? Note, List<Part> Parts);

    internal sealed record MoreKinds(int Count, MoreKind Kind, string? Note, List<Part> Parts);

    internal sealed record NoNull(int Count, Kind Kind, string Note, List<Part> Parts);

    internal sealed record OtherParts(int Count, Kind Kind, string? Note, List<OtherPart> Parts);

    internal sealed record WithoutCount(Kind Kind, string? Note, List<Part> Parts);
}
