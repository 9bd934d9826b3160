"""Limits and signals of the control chart, by hand."""

import pytest

from dashboards.control_chart import NEAR, OUTSIDE, RUN, limits


def test_the_centre_is_the_mean_and_the_limits_are_made_of_the_steps_between_values():
    found = limits([10, 12, 11, 13])
    # Steps of 2, 1 and 2: 5/3 on average, times 2.66.
    assert found.centre == 11.5
    assert found.upper == pytest.approx(11.5 + 2.66 * 5 / 3)
    assert found.lower == pytest.approx(11.5 - 2.66 * 5 / 3)
    assert found.signals == [None] * 4


def test_days_under_nought_cannot_be_so_there_is_no_lower_limit():
    assert limits([1, 9, 1, 9]).lower is None
    assert limits([1, 9, 1, 9], least=-100).lower == pytest.approx(5 - 2.66 * 8)


def test_a_week_outside_the_limits_is_a_signal_of_its_own():
    values = [10, 11, 10, 11, 10, 11, 10, 11, 10, 30]
    found = limits(values)
    # Centre 12.4; nine steps, eight of 1 and one of 20: 28/9, so the upper limit is 20.7.
    assert found.upper == pytest.approx(12.4 + 2.66 * 28 / 9)
    assert found.signals[-1] == OUTSIDE
    assert OUTSIDE not in found.signals[:-1]


def test_three_of_four_near_the_same_limit_are_a_signal_and_two_are_not():
    # Mean 10; steps 1, 1, 4, 0, 2, 2, 4, 0, 2: 16/9, limits 10 ± 4.73, half the way is 2.36.
    values = [10, 9, 10, 14, 14, 12, 14, 10, 10, 8]
    middle = sum(values) / len(values)
    found = limits(values)
    assert found.centre == pytest.approx(middle)
    assert [at for at, kind in enumerate(found.signals) if kind == NEAR] == [3, 4, 6]
    two = limits([10, 9, 10, 14, 14, 10, 9, 10, 9, 10])
    assert NEAR not in two.signals


def test_near_different_limits_is_no_signal():
    assert NEAR not in limits([10, 14, 6, 14, 6, 10]).signals


def test_eight_in_a_row_on_one_side_are_a_signal_and_seven_are_not():
    eight, seven = [8, 9] * 4 + [11, 12] * 4, [9, 11] * 4 + [9] + [11] * 7 + [9]
    assert limits(eight).signals.count(RUN) == 16
    assert RUN not in limits(seven).signals


def test_a_week_on_the_centre_breaks_the_row():
    values = [9] * 4 + [10] + [9] * 4 + [11] * 4 + [10] + [11] * 4
    assert limits(values).centre == 10
    assert RUN not in limits(values).signals


def test_weeks_that_are_all_alike_signal_nothing():
    found = limits([5.0] * 10)
    assert (found.centre, found.upper, found.lower) == (5, 5, 5)
    assert found.signals == [None] * 10
